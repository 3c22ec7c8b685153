// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeTesting

/// Following 10,000 pods of a real API server: how long the start takes, and how much memory it and a later list take.
enum InformerSyncFigures: FigureGroup {
    static let name = "informer-sync"
    private static let podCount = 10_000
    private static let runs = 3
    /// Long enough for what a process hands back by and by.
    private static let settlingTime = Duration.seconds(60)

    private struct Case: Sendable {
        var program: Subject.Program
        /// What is kept of an object, or how it is sent.
        var content: String
    }

    private struct Result: Sendable {
        var milliseconds = 0.0
        var peak = 0.0
        var settled = 0.0
        var relistPeak = 0.0
    }

    private static var cases: [Case] {
        let own = ["text", "tree", "pod", "projection", "metadata"].map { Case(program: .own, content: $0) }
        let reference = ["json", "protobuf"].map { Case(program: .reference, content: $0) }
        return Subject.hasReference ? own + reference : own
    }

    static func measure() async throws -> [Figure] {
        // Nothing must change or delete the pods, which belong to nobody.
        try await TestCluster.withOwn(.init(hasControllerManager: false)) { cluster in
            try await PodFilling.fill(cluster, count: podCount, namespace: "default")
            let sample = try await cluster.client.get(path: "/api/v1/pods?limit=100")
            // The processes rest side by side and work one after the other.
            let turn = Turn()
            let results = try await withThrowingTaskGroup(of: (Int, Result).self) { group in
                for (index, subject) in cases.enumerated() {
                    group.addTask { (index, try await measure(subject, cluster.kubeconfig, turn)) }
                }
                return try await group.reduce(into: [Int: Result]()) { $0[$1.0] = $1.1 }
            }
            return figures(results, bytesPerPod: Double(sample.count) / 100)
        }
    }

    private static func measure(_ subject: Case, _ kubeconfig: String, _ turn: Turn) async throws -> Result {
        var best = Double.infinity
        for _ in 1..<runs {
            best = min(
                best,
                try await turn.take {
                    try await Subject.run(subject.program, ["sync", kubeconfig, subject.content], synced)
                }
            )
        }
        await turn.wait()
        return try await Subject.run(subject.program, ["sync", kubeconfig, subject.content]) { [best] process in
            let meter = ProcessMeter(process.process)
            var result = Result(milliseconds: min(best, try await synced(process)), peak: try meter.peak())
            await turn.end()
            try await Task.sleep(for: settlingTime)
            result.settled = try meter.memory()
            await turn.wait()
            try meter.forgetPeak()
            try await process.goOn()
            try check(try await process.numbers(after: "relisted"))
            result.relistPeak = try meter.peak()
            await turn.end()
            return result
        }
    }

    @Sendable
    private static func synced(_ process: Subject) async throws -> Double {
        let numbers = try await process.numbers(after: "synced")
        try check(numbers)
        return numbers[0]
    }

    private static func check(_ numbers: [Double]) throws {
        guard numbers.last == Double(podCount) else {
            throw BenchmarkError(message: "\(numbers) is not \(podCount) pods")
        }
    }

    private static func figures(_ results: [Int: Result], bytesPerPod: Double) -> [Figure] {
        let beside = cases.enumerated().filter { $0.element.program == .reference }
        return cases.enumerated().compactMap { index, subject in
            guard subject.program == .own, let result = results[index] else { return nil }
            var figure = Figure(name: "\(name)-\(subject.content)", value: result.milliseconds, unit: "ms")
            figure.details = values(of: result) + [("pods", Double(podCount)), ("bytesPerPod", bytesPerPod)]
            for (index, other) in beside {
                guard let result = results[index] else { continue }
                let name = "\(other.program.rawValue) \(other.content)"
                figure.beside += [("\(name) ms", result.milliseconds)]
                figure.beside += values(of: result).map { ("\(name) \($0.name)", $0.value) }
            }
            let fastest = beside.compactMap { results[$0.offset]?.milliseconds }.min()
            figure.ratio = fastest.map { $0 / result.milliseconds }
            return figure
        }
    }

    private static func values(of result: Result) -> [(name: String, value: Double)] {
        [
            ("peakMiB", result.peak), ("afterOneMinuteMiB", result.settled), ("relistPeakMiB", result.relistPeak),
        ]
    }
}
