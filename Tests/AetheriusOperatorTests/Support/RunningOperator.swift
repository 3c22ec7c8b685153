// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Synchronization

/// The operator as its users run it, on a real API server.
enum RunningOperator {
    static let namespace = "aetherius-system"

    private static let start = Mutex<Task<(TestCluster, ProgramUnderTest), any Error>?>(nil)

    /// A control plane with one operator at work in it.
    static func shared() async throws -> TestCluster {
        let task = start.withLock { start in
            if let start { return start }
            let new = Task {
                // Not the control plane that the other tests share: the operator would write into their objects.
                let cluster = try await TestCluster.start()
                try await prepare(cluster)
                let program = launch(on: cluster, identity: "shared")
                try await waitUntilReady(program, on: cluster)
                return (cluster, program)
            }
            start = new
            return new
        }
        return try await task.value.0
    }

    /// Installs what the operator needs.
    static func prepare(_ cluster: TestCluster) async throws {
        try await cluster.installDefinitions()
        _ = try await cluster.client.resources(Namespace.self).create(Namespace(metadata: ObjectMeta(name: namespace)))
    }

    /// Waits until the operator works, or tells why it has ended instead.
    static func waitUntilReady(_ program: ProgramUnderTest, on cluster: TestCluster) async throws {
        let ready = Task {
            _ = try await cluster.client.resources(ClusterAgent.self)
                .wait(for: "local") { $0.status.phase == .online }
        }
        let ending = Task {
            let ending = try await program.ending()
            ready.cancel()
            return ending
        }
        do {
            try await ready.value
        } catch {
            guard ready.isCancelled else { throw error }
            throw TestClusterError(message: "the operator ended: \(try await ending.value.errors)")
        }
    }

    /// Starts an operator.
    static func launch(on cluster: TestCluster, identity: String) -> ProgramUnderTest {
        ProgramUnderTest(
            "aetherius",
            ["operator", "--kubeconfig", cluster.kubeconfig, "--namespace", namespace, "--identity", identity]
        )
    }
}

extension TestCluster {
    func tasks(in namespace: String) -> ResourceClient<DiagnosticTask> {
        client.resources(DiagnosticTask.self, namespace: namespace)
    }

    /// Asks why a Deployment does not work.
    func ask(
        about deployment: String,
        in namespace: String,
        _ change: (inout DiagnosticTask.Spec) -> Void = { _ in }
    ) async throws -> DiagnosticTask {
        var task = DiagnosticTask(
            metadata: ObjectMeta(name: "why-\(deployment)", namespace: namespace),
            spec: .init(
                target: ObjectReference(
                    apiVersion: "apps/v1",
                    kind: "Deployment",
                    namespace: namespace,
                    name: deployment
                )
            )
        )
        change(&task.spec)
        return try await tasks(in: namespace).create(task)
    }

    /// Waits until a task has ended.
    func end(of task: DiagnosticTask) async throws -> DiagnosticTask {
        try await tasks(in: task.metadata.namespace ?? "").wait(for: task.metadata.name) { $0.status.isFinished }
    }
}
