// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// The operator on a real API server: what it takes when idle, and how long a diagnosis takes.
enum OperatorFigures: FigureGroup {
    static let name = "operator"
    private static let namespace = "aetherius-system"
    private static let taskCount = 200
    private static let crowdSize = 1000
    /// After this the operator has handed back what its start took.
    private static let settlingTime = Duration.seconds(15)

    static func measure() async throws -> [Figure] {
        try await TestCluster.withOwn { cluster in try await measure(on: cluster) }
    }

    private static func measure(on cluster: TestCluster) async throws -> [Figure] {
        try await cluster.installDefinitions()
        _ = try await cluster.client.resources(Namespace.self).create(Namespace(metadata: ObjectMeta(name: namespace)))
        let program = ProgramUnderTest(
            "aetherius",
            [
                "operator", "--kubeconfig", cluster.kubeconfig, "--namespace", namespace,
                "--health-probe-bind-address", "127.0.0.1:0", "--metrics-bind-address", "127.0.0.1:0",
            ]
        )
        defer { program.kill() }
        _ = try await cluster.client.resources(ClusterAgent.self).wait(for: "local") { $0.status.phase == .online }
        try await Task.sleep(for: settlingTime)
        let idle = try memory(of: program)

        let place = try await cluster.makeNamespace("bench")
        let faults = [
            TestCluster.crashLooping("FATAL: no database"), TestCluster.outOfMemory, TestCluster.imageNotFound,
        ]
        for (index, fault) in faults.enumerated() {
            let pod = try await cluster.makeDeployment("fault-\(index)", in: place)
            try await cluster.setStatus(ofPod: pod, in: place, fault)
        }
        let single = try await askOneByOne(cluster, in: place, about: faults.count).sorted()
        let crowd = try await askAtOnce(cluster, in: place, about: faults.count, program)
        return [
            Figure(
                name: "operator-idle-rss",
                value: idle,
                unit: "MiB",
                details: [("highestUnderLoadMiB", crowd.highest)]
            ),
            figure("apply-to-completed", single),
            figure("apply-to-completed-at-once", crowd.latencies.sorted()),
        ]
    }

    private static func figure(_ name: String, _ latencies: [Double]) -> Figure {
        Figure(
            name: name,
            value: percentile(latencies, 0.5),
            unit: "ms p50",
            details: [
                ("p90", percentile(latencies, 0.9)), ("p99", percentile(latencies, 0.99)),
                ("maximum", latencies.last ?? 0), ("tasks", Double(latencies.count)),
            ]
        )
    }

    private static func task(_ name: String, in namespace: String, about fault: Int) -> DiagnosticTask {
        var task = DiagnosticTask(metadata: ObjectMeta(name: name, namespace: namespace))
        task.spec.target = ObjectReference(
            apiVersion: "apps/v1",
            kind: "Deployment",
            namespace: namespace,
            name: "fault-\(fault)"
        )
        return task
    }

    /// The same for many tasks that are created as fast as the server takes them, and the most memory that the
    /// operator needed meanwhile.
    private static func askAtOnce(
        _ cluster: TestCluster,
        in namespace: String,
        about faults: Int,
        _ program: ProgramUnderTest
    ) async throws -> (latencies: [Double], highest: Double) {
        let tasks = cluster.client.resources(DiagnosticTask.self, namespace: namespace)
        var version = try await tasks.list().metadata.resourceVersion
        let creation = Task {
            try await withThrowingTaskGroup(of: (String, ContinuousClock.Instant).self) { group in
                var starts: [String: ContinuousClock.Instant] = [:]
                for index in 0..<crowdSize {
                    if index >= 20, let (name, start) = try await group.next() { starts[name] = start }
                    group.addTask {
                        let task = task("crowd-\(index)", in: namespace, about: index % faults)
                        let start = ContinuousClock.now
                        _ = try await tasks.create(task)
                        return (task.metadata.name, start)
                    }
                }
                for try await (name, start) in group { starts[name] = start }
                return starts
            }
        }
        var ends: [String: ContinuousClock.Instant] = [:]
        var highest = 0.0
        while ends.count < crowdSize {
            // The server ends a watch whose reader falls behind; another one goes on where it was.
            let stream = try await tasks.watch(WatchOptions(resourceVersion: version, timeoutSeconds: 3600))
            for try await event in stream {
                if case .error(let status) = event { throw KubeError(status: status) }
                if case .added(let task) = event { version = task.metadata.resourceVersion }
                guard case .modified(let task) = event else { continue }
                version = task.metadata.resourceVersion
                guard task.status.isFinished else { continue }
                guard task.status.diagnosis?.rootCause != nil else {
                    throw BenchmarkError(message: "\(task.metadata.name) has no root cause")
                }
                ends[task.metadata.name] = ends[task.metadata.name] ?? .now
                highest = max(highest, try memory(of: program))
                if ends.count == crowdSize { break }
            }
        }
        let starts = try await creation.value
        return (ends.compactMap { name, end in starts[name].map { $0.duration(to: end).milliseconds } }, highest)
    }

    /// The milliseconds from the request that creates a task to the moment at which a watch shows it as Completed, for
    /// one task after the other.
    private static func askOneByOne(
        _ cluster: TestCluster,
        in namespace: String,
        about faults: Int
    ) async throws -> [Double] {
        let tasks = cluster.client.resources(DiagnosticTask.self, namespace: namespace)
        let version = try await tasks.list().metadata.resourceVersion
        let stream = try await tasks.watch(WatchOptions(resourceVersion: version, timeoutSeconds: 3600))
        var events = stream.makeAsyncIterator()
        var latencies: [Double] = []
        for index in 0..<taskCount {
            let task = task("task-\(index)", in: namespace, about: index % faults)
            let start = ContinuousClock.now
            _ = try await tasks.create(task)
            while true {
                guard let event = try await events.next() else {
                    throw BenchmarkError(message: "the watch ended before the tasks did")
                }
                guard case .modified(let current) = event, current.metadata.name == task.metadata.name else { continue }
                guard current.status.isFinished else { continue }
                guard current.status.phase == .completed, current.status.diagnosis?.rootCause != nil else {
                    throw BenchmarkError(message: "\(task.metadata.name) has no root cause")
                }
                break
            }
            latencies.append(start.duration(to: .now).milliseconds)
        }
        return latencies
    }

    private static func memory(of program: ProgramUnderTest) throws -> Double {
        guard let bytes = program.residentBytes else {
            throw BenchmarkError(message: "the operator does not run: build the product aetherius in the same way")
        }
        return Double(bytes) / 1_048_576
    }

    private static func percentile(_ sorted: [Double], _ fraction: Double) -> Double {
        sorted[min(sorted.count - 1, Int((Double(sorted.count) * fraction).rounded(.down)))]
    }
}
