// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// From a write, on a real API server, to the handler that hears of it.
enum InformerLatencyFigures: FigureGroup {
    static let name = "informer-latency"
    /// So many objects that none is written again before a handler has heard of it: two changes would be one to it.
    private static let objectCount = 2000
    private static let duration = 10

    static func measure() async throws -> [Figure] {
        try await TestCluster.withOwn(.init(hasControllerManager: false)) { cluster in
            _ = try await cluster.client.resources(Namespace.self).create(
                Namespace(metadata: ObjectMeta(name: "bench"))
            )
            let objects = cluster.client.resources(
                DynamicObject.self,
                of: ConfigMap.apiResource,
                namespace: "bench"
            )
            try await inParallel(objectCount) { index in
                var object: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap"]
                object["metadata"] = ["name": .string("object-\(index)")]
                _ = try await objects.create(DynamicObject(object))
            }
            var figures: [Figure] = []
            for rate in [100, 1000] { figures.append(try await measure(rate, objects, cluster.kubeconfig)) }
            return figures
        }
    }

    private static func measure(
        _ rate: Int,
        _ objects: ResourceClient<DynamicObject>,
        _ kubeconfig: String
    ) async throws -> Figure {
        let own = try await latencies(.own, rate, objects, kubeconfig)
        var figure = Figure(name: "\(name)-\(rate)-per-second", value: own[0], unit: "ms p50")
        figure.details = [("p99", own[1]), ("longest", own[2]), ("eventsPerSecond", own[3])]
        guard Subject.hasReference else { return figure }
        let reference = try await latencies(.reference, rate, objects, kubeconfig)
        figure.beside = [
            ("client-go p50", reference[0]), ("client-go p99", reference[1]), ("client-go longest", reference[2]),
            ("client-go eventsPerSecond", reference[3]),
        ]
        figure.ratio = reference[0] / own[0]
        return figure
    }

    private static func latencies(
        _ program: Subject.Program,
        _ rate: Int,
        _ objects: ResourceClient<DynamicObject>,
        _ kubeconfig: String
    ) async throws -> [Double] {
        let count = rate * duration
        return try await Subject.run(program, ["follow", kubeconfig, "\(count)"]) { process in
            _ = try await process.numbers(after: "synced")
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<count {
                    // A server that does not keep up gets no more requests at once; the rate that was reached shows it.
                    if index >= 50 { try await group.next() }
                    try await Task.sleep(until: start + .seconds(1) * index / rate)
                    group.addTask {
                        // The moment is that of the request: what the server needs for the write is in the figure.
                        let change: JSONValue = ["data": ["written": .string("\(LatencyMeter.now)")]]
                        _ = try await objects.patch("object-\(index % objectCount)", .merge(change))
                    }
                }
                try await group.waitForAll()
            }
            return try await process.numbers(after: "followed")
        }
    }

    static func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                if index >= 50 { try await group.next() }
                group.addTask { try await body(index) }
            }
            try await group.waitForAll()
        }
    }
}
