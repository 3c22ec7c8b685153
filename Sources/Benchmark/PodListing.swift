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
        try await TestCluster.withOwn(.init(hasControllerManager: false)) { cluster in try await measure(on: cluster) }
    }

    private static func measure(on cluster: TestCluster) async throws -> [Figure] {
        try await PodFilling.fill(cluster, count: podCount, namespace: namespace)
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
}
