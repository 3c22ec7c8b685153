// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Evidence
import KubeAPI
import Testing

@testable import AetheriusOperator

@Suite("An operator for some namespaces")
struct WatchedNamespacesTests {
    private let machine = TaskStateMachine(operatorNamespace: "system", installed: ["shop", "bank"])

    private func task(in namespace: String, _ target: ObjectReference? = nil) -> DiagnosticTask {
        DiagnosticTask(metadata: ObjectMeta(name: "why", namespace: namespace), spec: .init(target: target))
    }

    private func scope(of task: DiagnosticTask) throws -> EvidenceScope {
        let local = try #require(ClusterDirectory.onlyLocal.get("local"))
        return try TaskScope.scope(
            of: task,
            in: local,
            operatorNamespace: machine.operatorNamespace,
            installed: machine.installed
        )
    }

    @Test("given a task there, then it may look at its namespace, and nothing outside of namespaces is asked for")
    func inside() throws {
        let scope = try scope(of: task(in: "shop"))
        #expect(scope.namespace == "shop")
        #expect(scope.isConfinedToNamespace)
        #expect(!scope.readsOutsideNamespace)
    }

    @Test("given a task of the operator's own namespace, then it may look at those namespaces, and not at the cluster")
    func trusted() throws {
        let pod = ObjectReference(apiVersion: "v1", kind: "Pod", namespace: "bank", name: "a")
        #expect(try scope(of: task(in: "system", pod)).namespace == "bank")
        let everything = #expect(throws: FieldError.self) { try scope(of: task(in: "system")) }
        #expect(everything?.field == "spec.target.namespace")
        #expect(everything?.message == "this operator may look only at bank, shop, not at the whole cluster")
        let elsewhere = ObjectReference(apiVersion: "v1", kind: "Pod", namespace: "other", name: "a")
        #expect(throws: FieldError.self) { try scope(of: task(in: "system", elsewhere)) }
    }

    @Test("given the name of another cluster, then there is none")
    func otherCluster() {
        #expect(ClusterDirectory.onlyLocal.get("far") == nil)
        #expect(ClusterDirectory.onlyLocal.list().map(\.metadata.name) == ["local"])
    }
}
