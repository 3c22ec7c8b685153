// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeTesting

/// `aetherius diagnose -A` on a real API server with 10,000 pods, of which 200 are broken in 20 ways.
enum ClusterDiagnosis: FigureGroup {
    static let name = "diagnose-cluster"

    static func measure() async throws -> [Figure] {
        // Nothing must repair what is broken.
        try await TestCluster.withOwn(.init(hasControllerManager: false)) { cluster in
            let namespace = try await cluster.makeNamespace("bench")
            try await LargeCluster(cluster.client, namespace: namespace).fill()
            return [try await measure(on: cluster)]
        }
    }

    private static func measure(on cluster: TestCluster) async throws -> Figure {
        var times: [Double] = []
        var peak = 0.0
        for _ in 0..<3 {
            let start = ContinuousClock.now
            let program = ProgramUnderTest(
                "aetherius",
                ["diagnose", "--all-namespaces", "--output", "json", "--kubeconfig", cluster.kubeconfig]
            )
            let watch = Task { try await highestResidentBytes(of: program) }
            let ending = try await program.ending()
            times.append(start.duration(to: .now).milliseconds)
            watch.cancel()
            peak = max(peak, Double(try await watch.value) / 1_048_576)
            try check(ending.output)
        }
        return Figure(
            name: name,
            value: times.min() ?? 0,
            unit: "ms",
            details: [
                ("slowest", times.max() ?? 0), ("peakMiB", peak), ("pods", Double(LargeCluster.podCount)),
                ("incidents", Double(BrokenWays.all.count)),
            ]
        )
    }

    private static func highestResidentBytes(of program: ProgramUnderTest) async throws -> Int {
        var highest = 0
        while !Task.isCancelled {
            highest = max(highest, program.residentBytes ?? 0)
            try? await Task.sleep(for: .milliseconds(2))
        }
        return highest
    }

    /// Each broken workload is one candidate, and nothing else is.
    private static func check(_ output: String) throws {
        let answer = try JSON.decode(JSONValue.self, from: Array(output.utf8), mode: .strict)
        let named = (answer["candidates"]?.arrayValue ?? []).compactMap { candidate -> String? in
            guard case .string(let name)? = candidate.value(at: "object", "name") else { return nil }
            return name
        }
        let wanted = BrokenWays.all.map { $0.name }
        guard named.sorted() == wanted.sorted() else {
            throw BenchmarkError(message: "the incidents are \(wanted.sorted()), the answers \(named.sorted())")
        }
    }
}
