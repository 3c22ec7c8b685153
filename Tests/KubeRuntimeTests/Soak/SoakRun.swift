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
    var bound = Duration.seconds(60)
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
        var collections: [String: ResourceClient<SoakMap>] = [:]
        for part in ["soak-a", "soak-b"] {
            let namespace = try await cluster.makeNamespace(part)
            let maps = cluster.client.resources(SoakMap.self, namespace: namespace)
            // Whoever else writes into a new namespace must have done so before the comparison.
            if cluster.configuration.hasControllerManager { _ = try await maps.waitForFirst() }
            collections[namespace] = maps
        }
        let namespaces = collections.keys.sorted()
        let proxy = try FaultProxy(to: cluster, schedule: schedule)
        defer { proxy.stop() }
        var writers = try writers(namespaces, proxy)
        for index in writers.indices.dropLast() {
            for _ in 0..<10 { _ = try await writers[index].write() }
        }
        let followers = try SoakFollower.all(behind: proxy, namespaces: namespaces)
        var report = Report(schedule: schedule, requestedWriteCount: writeCount)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for follower in followers { group.addTask { try await follower.run() } }
            defer { group.cancelAll() }
            writers = try await write(writers, followers)
            proxy.stopFaults()
            report.writeCount = writers.reduce(0) { $0 + $1.count }
            let stop = ContinuousClock.now
            // Nobody writes any more, so this is what everybody has to arrive at.
            var everything: [SoakMap] = []
            for maps in collections.values { everything += try await maps.listAll().items }
            report.problems += writers.flatMap { $0.problems(comparedWith: everything) }
            for follower in followers {
                var truth: [SoakMap] = []
                for namespace in follower.namespaces {
                    let selected = ListOptions(labelSelector: follower.labelSelector)
                    truth += try await collections[namespace]?.listAll(selected).items.map(follower.kept) ?? []
                }
                for recorder in follower.recorders {
                    await wait(for: recorder, toKnow: truth, until: stop.advanced(by: bound))
                }
                report.problems += follower.problems(comparedWith: truth)
            }
            report.eventCount = followers.flatMap(\.recorders).reduce(0) { $0 + $1.history.eventCount }
            report.catchUp = ContinuousClock.now - stop
        }
        report.statistics = proxy.statistics
        report.total = ContinuousClock.now - start
        return report
    }

    /// One writer for each namespace, and a last one that meets faults itself.
    private func writers(_ namespaces: [String], _ proxy: FaultProxy) throws -> [SoakWriter] {
        let hindered = try KubernetesClient(configuration: proxy.configuration(client: "writer"), rateLimiter: nil)
        let clients = namespaces.map { ($0, cluster.client) } + [(namespaces[0], hindered)]
        return zip(["x", "y", "z"], clients).map { prefix, client in
            let maps = client.1.resources(SoakMap.self, namespace: client.0)
            return SoakWriter(maps: maps, seed: schedule.seed, prefix: prefix, nameCount: 20)
        }
    }

    /// Writes at least as long as the server is disturbed, and adds handlers when half is written.
    ///
    /// Returns the writers, with what they know. The last one writes as long as the others do.
    private func write(_ writers: [SoakWriter], _ followers: [SoakFollower]) async throws -> [SoakWriter] {
        let (isCalm, isDone, hasLateHandlers) = (Latch(), Latch(), Latch())
        let share = writeCount / (writers.count - 1)
        async let last = writers[writers.count - 1].writing { _ in !isDone.isOpen }
        defer { isDone.open() }
        let others = try await withThrowingTaskGroup(of: SoakWriter?.self) { group in
            group.addTask {
                defer { isCalm.open() }
                try await disturb(cluster)
                return nil
            }
            for (index, writer) in writers.dropLast().enumerated() {
                group.addTask {
                    try await writer.writing {
                        $0 < share || !isCalm.isOpen
                    } before: { count in
                        guard index == 0, count >= share / 2, !hasLateHandlers.isOpen else { return }
                        hasLateHandlers.open()
                        for follower in followers { try follower.addLateHandler() }
                    }
                }
            }
            return try await group.compactMap(\.self).reduce(into: [SoakWriter]()) { $0.append($1) }
        }
        isDone.open()
        return try await others + [last]
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
