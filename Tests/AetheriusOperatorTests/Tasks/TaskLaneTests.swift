// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import Testing

@testable import AetheriusOperator

@Suite("Which workers take a task")
struct TaskLaneTests {
    private func lane(
        _ severity: Severity?,
        in namespace: String,
        about target: ObjectReference? = nil
    ) -> TaskLane {
        let task = DiagnosticTask(
            metadata: ObjectMeta(name: "why", namespace: namespace),
            spec: .init(target: target, severity: severity)
        )
        return TaskLane.lane(of: task, operatorNamespace: "aetherius-system")
    }

    @Test(
        "given a critical task about a system namespace, then it does not wait for a place",
        arguments: [
            ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "kube-system", name: "coredns"),
            ObjectReference(apiVersion: "v1", kind: "Namespace", namespace: "", name: "kube-system"),
            ObjectReference(apiVersion: "v1", kind: "Pod", namespace: "aetherius-system", name: "operator-0"),
        ]
    )
    func critical(target: ObjectReference) {
        #expect(lane(.critical, in: "aetherius-system", about: target) == .critical)
    }

    @Test("given no namespace in the target, then the task's own counts")
    func ownNamespace() {
        let pod = ObjectReference(apiVersion: "v1", kind: "Pod", namespace: "", name: "proxy")
        #expect(lane(.critical, in: "kube-system", about: pod) == .critical)
        #expect(lane(.critical, in: "kube-system") == .critical)
        #expect(lane(.critical, in: "shop", about: pod) == .ordinary)
    }

    @Test("given another severity or another namespace, then it waits like every other")
    func ordinary() {
        let dns = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "kube-system", name: "coredns")
        #expect(lane(.high, in: "aetherius-system", about: dns) == .ordinary)
        #expect(lane(nil, in: "aetherius-system", about: dns) == .ordinary)
        let shop = ObjectReference(apiVersion: "v1", kind: "Namespace", namespace: "", name: "shop")
        #expect(lane(.critical, in: "aetherius-system", about: shop) == .ordinary)
    }
}
