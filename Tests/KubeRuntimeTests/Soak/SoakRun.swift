// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeTesting

@testable import KubeRuntime

/// Writes at an API server while informers follow through a ``FaultProxy``, and compares what they have in the end.
struct SoakRun: Sendable {
    let cluster: TestCluster
    let schedule: FaultSchedule
    /// How often to write, at the least.
    var writeCount = 200
    /// How long informers may take to catch up once faults have stopped.
    var bound = Duration.seconds(45)
    /// What else happens to the server meanwhile.
    var disturb: @Sendable (TestCluster) async throws -> Void = { _ in }

    /// Kills the API server and etcd, and lets etcd forget, in an order that makes versions expire for good.
    static let restarts: @Sendable (TestCluster) async throws -> Void = { cluster in
        try await cluster.restart(.apiServer)
        try await cluster.compactStorage()
        try await cluster.restart(.etcd)
        try await cluster.compactStorage()
        try await cluster.restart(.apiServer)
    }

    func run() async throws -> Report {
        let start = ContinuousClock.now
        let namespace = try await cluster.makeNamespace("soak")
        let maps = cluster.client.resources(SoakMap.self, namespace: namespace)
        // Whoever else writes into a new namespace must have done so before the comparison.
        if cluster.configuration.hasControllerManager { _ = try await maps.waitForFirst() }
        let proxy = try FaultProxy(to: cluster, schedule: schedule)
        defer { proxy.stop() }
        var writers = ["x", "y"].map { SoakWriter(maps: maps, seed: schedule.seed, prefix: $0, nameCount: 20) }
        for _ in 0..<10 { for index in writers.indices { _ = try await writers[index].write() } }
        let followers = try followers(proxy, namespace)
        var report = Report(schedule: schedule, requestedWriteCount: writeCount)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for follower in followers { group.addTask { try await follower.informer.run() } }
            defer { group.cancelAll() }
            report.writeCount = try await write(writers, followers)
            proxy.stopFaults()
            let stop = ContinuousClock.now
            for follower in followers {
                // Nobody writes any more, so this is what everybody has to arrive at.
                let options = ListOptions(labelSelector: follower.labelSelector)
                let truth = try await maps.listAll(options).items
                for recorder in follower.recorders {
                    await wait(for: recorder, toKnow: truth, until: stop.advanced(by: bound))
                }
                report.problems += follower.problems(comparedWith: truth)
            }
            let recorders = followers.flatMap(\.recorders)
            report.eventCount = recorders.reduce(0) { $0 + $1.history.eventCount }
            report.catchUp = ContinuousClock.now - stop
        }
        report.statistics = proxy.statistics
        report.total = ContinuousClock.now - start
        return report
    }

    private func followers(_ proxy: FaultProxy, _ namespace: String) throws -> [SoakFollower] {
        let selector = "\(SoakWriter.label)=\(SoakWriter.selected)"
        return [
            try SoakFollower("paging", proxy, namespace: namespace, .init(pageSize: 5, alwaysPages: true)),
            try SoakFollower("caching", proxy, namespace: namespace, .init()),
            try SoakFollower(
                "selecting",
                proxy,
                namespace: namespace,
                .init(labelSelector: selector, pageSize: 5, alwaysPages: true)
            ),
        ]
    }

    /// Writes at least as long as the server is disturbed, and adds handlers when half is written.
    ///
    /// Returns how often was written.
    private func write(_ writers: [SoakWriter], _ followers: [SoakFollower]) async throws -> Int {
        let isCalm = Latch()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                defer { isCalm.open() }
                try await disturb(cluster)
                return 0
            }
            for (index, writer) in writers.enumerated() {
                group.addTask {
                    var writer = writer
                    var count = 0
                    var late = index == 0 ? followers[...] : []
                    while count < writeCount / writers.count || !isCalm.isOpen {
                        if count >= writeCount / 4, let follower = late.popFirst() { try follower.addLateHandler() }
                        if try await writer.write() { count += 1 } else { try await Task.sleep(for: .milliseconds(20)) }
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// Waits until a handler knows just these objects, or the time is over: what it lacks then is found by comparing.
    private func wait(
        for recorder: SoakRecorder,
        toKnow truth: [SoakMap],
        until deadline: ContinuousClock.Instant
    ) async {
        let remaining = max(.milliseconds(1), ContinuousClock.now.duration(to: deadline))
        try? await withTimeout(remaining, clock: .continuous) { await recorder.wait(toKnow: truth) }
    }
}

extension ResourceClient where Object == SoakMap {
    /// Waits until there is any object.
    fileprivate func waitForFirst() async throws -> SoakMap {
        while true {
            for try await event in try await watch(WatchOptions(resourceVersion: "0")) {
                if case .added(let object) = event { return object }
            }
        }
    }
}
