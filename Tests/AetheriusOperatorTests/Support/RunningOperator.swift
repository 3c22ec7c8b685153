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
    /// The image of agents; there is nothing that could run it.
    static let agentImage = "registry.local/aetherius:test"

    private static let start = Mutex<Task<(TestCluster, ProgramUnderTest), any Error>?>(nil)

    /// A control plane with one operator at work in it.
    static func shared() async throws -> TestCluster { try await both().0 }

    /// The operator of the shared control plane.
    static func sharedProgram() async throws -> ProgramUnderTest { try await both().1 }

    private static func both() async throws -> (TestCluster, ProgramUnderTest) {
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
        return try await task.value
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

    /// Starts an operator, with its endpoints on free ports of this machine.
    ///
    /// It watches its own cluster only where a test says so: others would get tasks that they do not expect.
    static func launch(
        on cluster: TestCluster,
        identity: String,
        _ more: String...,
        kubeconfig: String? = nil,
        observesLocal: Bool = false
    ) -> ProgramUnderTest {
        ProgramUnderTest(
            "aetherius",
            [
                "operator", "--kubeconfig", kubeconfig ?? cluster.kubeconfig, "--namespace", namespace,
                "--identity", identity, "--health-probe-bind-address", "127.0.0.1:0",
                "--metrics-bind-address", "127.0.0.1:0", "--log-format", "json", "--agent-image", agentImage,
                observesLocal ? "--observe-local" : "--no-observe-local",
            ] + more
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

extension ProgramUnderTest {
    /// The address at which an operator serves a site, once it does.
    func address(of site: String) async throws -> String {
        let line = await errorLine(containing: "serving HTTP", "\"site\":\"\(site)\"")
        guard let line, let log = try? JSON.decode(JSONValue.self, from: Array(line.utf8)),
            let port = log["port"]?.stringValue
        else { throw TestClusterError(message: "the operator ended: \(try await ending().errors)") }
        return "\(log["tls"] == "true" ? "https" : "http")://127.0.0.1:\(port)"
    }
}
