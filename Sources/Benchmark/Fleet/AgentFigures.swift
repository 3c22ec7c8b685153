// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Synchronization

/// One agent over a large cluster in which much goes wrong: 10,000 pods, and 100 new Warning events in a second.
///
/// `AGENT_PODS` and `AGENT_MINUTES` make it smaller, to try it.
enum AgentFigures: FigureGroup {
    static let name = "fleet-agent"
    static let isOnlyOnRequest = true
    private static let cluster = "large"
    private static let eventsPerSecond = 100
    /// After this the agent has handed back what its first lists took.
    private static let settlingTime = Duration.seconds(75)

    static func measure() async throws -> [Figure] {
        let pods = try Measurement.setting("AGENT_PODS") ?? 10_000
        let minutes = try Measurement.setting("AGENT_MINUTES") ?? 5
        return try await TestCluster.withOwn(.init(hasControllerManager: false)) { server in
            try await prepare(server)
            try await PodFilling.fill(server, count: pods, namespace: "shop")
            let program = ProgramUnderTest(
                "aetherius",
                [
                    "agent", "--cluster", cluster, "--hub-kubeconfig", server.kubeconfig, "--target-kubeconfig",
                    server.kubeconfig, "--listen", "0", "--metrics-listen", "0",
                ]
            )
            defer { program.kill() }
            let agents = server.client.resources(ClusterAgent.self)
            _ = try await agents.wait(for: cluster) { ($0.status.agent?.summary?.pods ?? 0) >= pods }
            guard let process = program.processIdentifier else {
                throw BenchmarkError(message: "the agent does not run: build the product aetherius in the same way")
            }
            let meter = ProcessMeter(process)
            let afterList = try meter.peak()
            try await Task.sleep(for: settlingTime)
            let idle = try meter.memory()
            Measurement.remark("the agent has \(Int(idle)) MiB with \(pods) pods; now the events begin")
            let storm = try await storm(server, meter, pods: pods, for: .seconds(60 * minutes))
            return figures(idle: idle, afterList: afterList, storm)
        }
    }

    /// What the hub would have made; the agent is told by nobody that this hub is the cluster that it observes.
    private static func prepare(_ server: TestCluster) async throws {
        try await server.installDefinitions()
        let namespaces = server.client.resources(Namespace.self)
        for name in ["shop", AgentNames.mailbox(cluster)] {
            _ = try await namespaces.create(Namespace(metadata: ObjectMeta(name: name)))
        }
        _ = try await server.client.resources(Lease.self, namespace: AgentNames.mailbox(cluster))
            .create(Lease(metadata: ObjectMeta(name: AgentNames.lease(cluster))))
        var agent = ClusterAgent(metadata: ObjectMeta(name: cluster), spec: .init(mode: .remote))
        agent.spec.accepted = true
        agent.spec.connection.server = server.client.configuration.server
        _ = try await server.client.resources(ClusterAgent.self).create(agent)
    }

    private struct Storm {
        var events: Int
        var seconds: Double
        var memory: Double
        var highest: Double
        var processorPercent: Double
        var writes: Int
        var report: ClusterAgent.EventSummary
        var reportBytes: Int
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)

        var value: Int { count.withLock { $0 } }

        func increment() { count.withLock { $0 += 1 } }
    }

    private static func storm(
        _ server: TestCluster,
        _ meter: ProcessMeter,
        pods: Int,
        for duration: Duration
    ) async throws -> Storm {
        let agents = server.client.resources(ClusterAgent.self)
        let known = try await agents.get(cluster)
        let writes = Counter()
        let counting = Task {
            // Nobody else writes this object here.
            let stream = try await agents.watch(
                WatchOptions(
                    fieldSelector: "metadata.name=\(cluster)",
                    resourceVersion: known.metadata.resourceVersion,
                    timeoutSeconds: 7200
                )
            )
            for try await event in stream { if case .modified = event { writes.increment() } }
        }
        defer { counting.cancel() }
        let (start, processorBefore) = (ContinuousClock.now, try meter.processorTime())
        var (second, highest) = (0, 0.0)
        while start.duration(to: .now) < duration {
            try await record(second, server, pods)
            second += 1
            highest = max(highest, try meter.memory())
            try await Task.sleep(until: start + .seconds(second), clock: .continuous)
        }
        let seconds = start.duration(to: .now) / .seconds(1)
        let processor = try meter.processorTime() - processorBefore
        let memory = try meter.memory()
        let written = writes.value
        let report = try await agents.wait(for: cluster) {
            $0.status.agent?.events?.total ?? 0 >= Int64(second * eventsPerSecond)
        }
        return Storm(
            events: second * eventsPerSecond,
            seconds: seconds,
            memory: memory,
            highest: highest,
            processorPercent: processor / seconds * 100,
            writes: written,
            report: report.status.agent?.events ?? .init(),
            reportBytes: report.status.agent.map { JSON.encode($0).count } ?? 0
        )
    }

    /// One second's events, each about another pod.
    private static func record(_ second: Int, _ server: TestCluster, _ pods: Int) async throws {
        let events = server.client.resources(DynamicObject.self, of: Event.apiResource, namespace: "shop")
        let now = "\(Timestamp.now.wholeSeconds)"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<eventsPerSecond {
                let index = second * eventsPerSecond + number
                if number >= 10 { try await group.next() }
                group.addTask {
                    let event: JSONValue = [
                        "apiVersion": "v1", "kind": "Event",
                        "metadata": ["name": .string("event-\(index)"), "namespace": "shop"],
                        "involvedObject": [
                            "apiVersion": "v1", "kind": "Pod", "namespace": "shop",
                            "name": .string("pod-\(index % pods)"), "fieldPath": "spec.containers{app}",
                        ],
                        "reason": "BackOff", "type": "Warning", "message": "Back-off restarting failed container",
                        "count": 1, "firstTimestamp": .string(now), "lastTimestamp": .string(now),
                    ]
                    _ = try await events.create(DynamicObject(event))
                }
            }
            try await group.waitForAll()
        }
    }

    private static func figures(idle: Double, afterList: Double, _ storm: Storm) -> [Figure] {
        [
            Figure(
                name: "agent-rss",
                value: storm.memory,
                unit: "MiB",
                details: [
                    ("highestMiB", storm.highest), ("beforeEventsMiB", idle), ("highestInFirstListMiB", afterList),
                ]
            ),
            Figure(
                name: "agent-processor",
                value: storm.processorPercent,
                unit: "% of one processor",
                details: [("eventsPerSecond", Double(storm.events) / storm.seconds)]
            ),
            Figure(
                name: "agent-status-writes",
                value: Double(storm.writes) * 60 / storm.seconds,
                unit: "writes/min",
                details: [
                    ("items", Double(storm.report.items.count)), ("reportBytes", Double(storm.reportBytes)),
                    ("total", Double(storm.report.total)), ("sent", Double(storm.events)),
                    ("dropped", Double(storm.report.dropped)),
                ]
            ),
        ]
    }
}
