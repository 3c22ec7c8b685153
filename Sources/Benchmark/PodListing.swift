// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// Listing and decoding 10,000 pods from a real API server, page by page.
enum PodListing: FigureGroup {
    static let name = "list-pods"
    private static let podCount = 10_000
    private static let namespace = "default"

    static func measure() async throws -> [Figure] {
        // Nothing must change or delete the pods, which belong to nobody.
        let cluster = try await TestCluster.start(.init(hasControllerManager: false))
        do {
            let figures = try await measure(on: cluster)
            await cluster.stop()
            return figures
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private static func measure(on cluster: TestCluster) async throws -> [Figure] {
        try await fill(cluster)
        let pods = cluster.client.resources(Pod.self, namespace: namespace)
        var best = Duration.seconds(3600)
        var growth = 0
        for run in 0..<4 {
            let meter = try Measurement.Peak()
            let start = ContinuousClock.now
            let list = try await pods.listAll(pageSize: 500)
            best = min(best, start.duration(to: .now))
            // The first run also opens the connection.
            if run == 1 { growth = try meter.growth() }
            guard list.items.count == podCount else {
                throw BenchmarkError(message: "\(list.items.count) pods were listed")
            }
        }
        return [
            Figure(
                name: name,
                value: Double(podCount) / (best / .seconds(1)),
                unit: "objects/s",
                details: [
                    ("milliseconds", best.milliseconds), ("pods", Double(podCount)),
                    ("peakGrowthMegabytes", Double(growth) / 1e6),
                ]
            )
        ]
    }

    private static func fill(_ cluster: TestCluster) async throws {
        let sample = try JSON.decode(ResourceList<DynamicObject>.self, from: PodListSample.make(pods: 1)).items[0]
        var account: JSONValue = ["apiVersion": "v1", "kind": "ServiceAccount"]
        account["metadata"] = ["name": "default"]
        let accounts = APIResource(group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts")
        _ = try? await cluster.client.resources(DynamicObject.self, of: accounts, namespace: namespace)
            .create(DynamicObject(account))
        let pods = cluster.client.resources(DynamicObject.self, of: Pod.apiResource, namespace: namespace)
        let template = sample.value
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<podCount {
                if index >= 50 { try await group.next() }
                group.addTask {
                    var pod = template
                    pod["apiVersion"] = "v1"
                    pod["kind"] = "Pod"
                    var metadata: JSONValue = ["name": .string("pod-\(index)")]
                    metadata["labels"] = template.value(at: "metadata", "labels")
                    metadata["annotations"] = template.value(at: "metadata", "annotations")
                    pod["metadata"] = metadata
                    pod["status"] = nil
                    _ = try await pods.create(DynamicObject(pod))
                }
            }
            try await group.waitForAll()
        }
    }
}
