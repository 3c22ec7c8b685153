// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeTesting

/// A hub with a thousand agents: a real API server, a real operator, and agents that speak to it as real ones do.
///
/// `FLEET_AGENTS` and `FLEET_MINUTES` make it smaller, to try it.
enum FleetFigures: FigureGroup {
    static let name = "fleet"
    static let isOnlyOnRequest = true
    private static let namespace = "aetherius-system"
    private static let dyingShare = 10
    /// After this the operator has handed back what the registrations took.
    private static let settlingTime = Duration.seconds(60)

    static func measure() async throws -> [Figure] {
        let count = try Measurement.setting("FLEET_AGENTS") ?? 1000
        let minutes = try Measurement.setting("FLEET_MINUTES") ?? 10
        return try await TestCluster.withOwn(.init(hasControllerManager: false)) { cluster in
            try await cluster.installDefinitions()
            _ = try await cluster.client.resources(Namespace.self).create(
                Namespace(metadata: ObjectMeta(name: namespace))
            )
            let program = start(on: cluster)
            defer { program.kill() }
            _ = try await cluster.client.resources(ClusterAgent.self).wait(for: "local") { $0.status.phase == .online }
            return try await Fleet.with(cluster, count: count) { fleet in
                try await measure(fleet, program, minutes: minutes)
            }
        }
    }

    private static func start(on cluster: TestCluster) -> ProgramUnderTest {
        let program = ProgramUnderTest(
            "aetherius",
            [
                "operator", "--kubeconfig", cluster.kubeconfig, "--namespace", namespace,
                "--health-probe-bind-address", "0", "--metrics-bind-address", "0",
                "--agent-image", "aetherius.local/aetherius:bench",
                "--agent-hub-server", cluster.client.configuration.server,
            ]
        )
        Task { [program] in
            // 137 is what ends it here.
            guard let ending = try? await program.ending(), ending.exitCode != 137 else { return }
            Measurement.remark("the operator has ended by itself: \(ending.errors.suffix(500))")
        }
        return program
    }

    private static func measure(
        _ fleet: Fleet,
        _ program: ProgramUnderTest,
        minutes: Int
    ) async throws -> [Figure] {
        guard let process = program.processIdentifier else {
            throw BenchmarkError(message: "the operator does not run: build the product aetherius in the same way")
        }
        let registered = try await fleet.register()
        Measurement.remark("\(fleet.names.count) agents are online after \(registered.components.seconds) s")
        try await Task.sleep(for: settlingTime)
        let steady = try await SteadyState.measure(fleet, ProcessMeter(process), for: .seconds(60 * minutes))
        for figure in steady.figures { Measurement.remark(figure.line) }
        program.kill()
        let restart = ContinuousClock.now
        let successor = start(on: fleet.cluster)
        defer { successor.kill() }
        // Longer than any agent may be silent.
        try await Task.sleep(for: .seconds(150))
        let afterRestart = fleet.watch.changes(to: .offline, since: restart).count
        let noticed = try await notice(fleet)
        guard steady.falseOfflines == 0, afterRestart == 0, noticed.others == 0 else {
            throw BenchmarkError(
                message: "agents were called offline although they were not: \(steady.falseOfflines) in the steady "
                    + "state, \(afterRestart) after a restart of the operator, \(noticed.others) while others died"
            )
        }
        return [
            Figure(
                name: "fleet-registration",
                value: registered / .seconds(1),
                unit: "s",
                details: [("agents", Double(fleet.names.count))]
            )
        ] + steady.figures + [
            Figure(name: "fleet-false-offline-after-restart", value: Double(afterRestart), unit: "agents"),
            noticed.figure,
        ]
    }

    /// Lets a share of the agents die without a word.
    private static func notice(_ fleet: Fleet) async throws -> (figure: Figure, others: Int) {
        let dying = Array(fleet.names.prefix(fleet.names.count / dyingShare))
        let start = ContinuousClock.now
        fleet.end(dying)
        try await fleet.watch.wait(for: .offline, dying.count, within: .seconds(300))
        let changes = fleet.watch.changes(to: .offline, since: start)
        let dead = Set(dying)
        let delays = changes.filter { dead.contains($0.name) }.map { start.duration(to: $0.at) / .seconds(1) }.sorted()
        let silences = changes.filter { dead.contains($0.name) }
            .compactMap { change in
                fleet.renewals.last(of: change.name).map { $0.duration(to: change.at) / .seconds(1) }
            }
        let figure = Figure(
            name: "fleet-notice-dead",
            value: delays.last ?? 0,
            unit: "s until the last one is noticed",
            details: [
                ("p50", delays[delays.count / 2]), ("agents", Double(dying.count)),
                ("silenceAtMost", silences.max() ?? 0), ("silenceAtLeast", silences.min() ?? 0),
            ]
        )
        return (figure, changes.count { !dead.contains($0.name) })
    }
}
