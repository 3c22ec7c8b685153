// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeTesting

/// What informers cost while nothing happens: 10 of them, and 100 of them, in one process.
enum InformerIdleFigures: FigureGroup {
    static let name = "informer-idle"
    private static let settlingTime = Duration.seconds(15)
    private static let measuringSeconds = 60

    private struct Result: Sendable {
        var wakeups: Double
        var memory: Double
        var connections: Double
        var threads: Double
    }

    static func measure() async throws -> [Figure] {
        try await TestCluster.withOwn(.init(hasControllerManager: false)) { cluster in
            _ = try await cluster.client.resources(Namespace.self).create(
                Namespace(metadata: ObjectMeta(name: "bench"))
            )
            var figures: [Figure] = []
            for count in [10, 100] {
                async let own = measure(.own, count, cluster.kubeconfig)
                async let reference =
                    Subject.hasReference ? measure(.reference, count, cluster.kubeconfig) : nil
                figures.append(figure(count, try await own, beside: try await reference))
            }
            return figures
        }
    }

    private static func measure(
        _ program: Subject.Program,
        _ count: Int,
        _ kubeconfig: String
    ) async throws -> Result {
        try await Subject.run(program, ["informers", kubeconfig, "\(count)"]) { process in
            _ = try await process.numbers(after: "synced")
            try await Task.sleep(for: settlingTime)
            let meter = ProcessMeter(process.process)
            let before = try meter.wakeups()
            try await Task.sleep(for: .seconds(measuringSeconds))
            return Result(
                wakeups: Double(try meter.wakeups() - before) / Double(measuringSeconds),
                memory: try meter.memory(),
                connections: Double(try meter.connections()),
                threads: Double(try meter.threads())
            )
        }
    }

    private static func figure(_ count: Int, _ own: Result, beside reference: Result?) -> Figure {
        var figure = Figure(name: "\(name)-\(count)-informers", value: own.wakeups, unit: "wake-ups/s")
        figure.details = values(of: own)
        if let reference {
            figure.beside = [("client-go wake-ups/s", reference.wakeups)]
            figure.beside += values(of: reference).map { ("client-go \($0.name)", $0.value) }
            // With none of our own there is nothing to divide by.
            if own.wakeups > 0 { figure.ratio = reference.wakeups / own.wakeups }
        }
        return figure
    }

    private static func values(of result: Result) -> [(name: String, value: Double)] {
        [("rssMiB", result.memory), ("connections", result.connections), ("threads", result.threads)]
    }
}
