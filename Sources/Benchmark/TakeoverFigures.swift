// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeTesting

/// How long nobody works when the leader of two operators is killed.
enum TakeoverFigures: FigureGroup {
    static let name = "operator-takeover"
    private static let namespace = "aetherius-system"
    private static let rounds = 3

    static func measure() async throws -> [Figure] {
        try await TestCluster.withOwn { cluster in
            let seconds = try await takeovers(on: cluster).sorted()
            return [
                Figure(
                    name: name,
                    value: seconds[seconds.count / 2],
                    unit: "s",
                    details: [("longest", seconds.last ?? 0), ("kills", Double(seconds.count))]
                )
            ]
        }
    }

    /// The seconds from the death of a leader until a task that nobody has seen before is answered.
    private static func takeovers(on cluster: TestCluster) async throws -> [Double] {
        try await cluster.installDefinitions()
        try await cluster.ensureNamespace(namespace)
        let place = try await cluster.makeNamespace("bench")
        let tasks = cluster.client.resources(DiagnosticTask.self, namespace: place)
        var leader = launch("operator-0", on: cluster)
        defer { leader.kill() }
        _ = try await cluster.client.resources(ClusterAgent.self).wait(for: "local") { $0.status.phase == .online }
        var seconds: [Double] = []
        for round in 1...rounds {
            let standby = launch("operator-\(round)", on: cluster)
            guard await standby.errorLine(containing: "another process holds the lease") != nil else {
                throw BenchmarkError(message: "the operator that waits has ended: \(try await standby.ending().errors)")
            }
            leader.kill()
            _ = try await leader.ending()
            let death = ContinuousClock.now
            leader = standby
            var task = DiagnosticTask(metadata: ObjectMeta(name: "task-\(round)", namespace: place))
            task.spec.target = ObjectReference(apiVersion: "v1", kind: "Pod", namespace: place, name: "missing")
            _ = try await tasks.create(task)
            _ = try await tasks.wait(for: task.metadata.name) { $0.status.phase == .completed }
            seconds.append(death.duration(to: .now).milliseconds / 1000)
        }
        return seconds
    }

    private static func launch(_ identity: String, on cluster: TestCluster) -> ProgramUnderTest {
        ProgramUnderTest(
            "aetherius",
            [
                "operator", "--kubeconfig", cluster.kubeconfig, "--namespace", namespace, "--identity", identity,
                "--health-probe-bind-address", "127.0.0.1:0", "--metrics-bind-address", "127.0.0.1:0",
            ]
        )
    }
}
