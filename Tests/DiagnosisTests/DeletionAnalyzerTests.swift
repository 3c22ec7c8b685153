// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("DeletionAnalyzer")
struct DeletionAnalyzerTests {
    private func namespace(_ conditions: [Condition], secondsAgo: Int = 600, finalizers: [String] = []) -> Fixture {
        var namespace = Namespace(metadata: ObjectMeta(name: "shop"))
        namespace.phase = "Terminating"
        namespace.metadata.deletionTimestamp = Fixture.now.advanced(by: .seconds(-secondsAgo))
        namespace.metadata.finalizers = finalizers
        namespace.conditions = conditions
        var cluster = Fixture()
        cluster.edit { $0.namespaces.add([namespace], coverage: .everything) }
        return cluster
    }

    private static func condition(_ type: String, _ message: String, _ status: Condition.Value = .true) -> Condition {
        Condition(type: type, status: status, reason: "Because", message: message)
    }

    @Test("given a namespace that does not go, then its conditions tell what stays")
    func namespaces() throws {
        let finalizers = Self.condition(
            "NamespaceFinalizersRemaining",
            "Some content in the namespace has finalizers remaining: example.invalid/cleanup in 1 resource instances"
        )
        let cause = try #require(namespace([finalizers]).conclusion.rootCause)
        #expect(cause.causeClass == .finalizerBlocksDeletion)
        #expect(cause.object.description == "Namespace/shop")
        #expect(cause.message.contains("example.invalid/cleanup"))

        let discovery = Self.condition(
            "NamespaceDeletionDiscoveryFailure",
            "Discovery failed for some groups, 1 failing: metrics.example.invalid/v1"
        )
        let blocked = try #require(namespace([finalizers, discovery]).conclusion.rootCause)
        #expect(blocked.causeClass == .namespaceDeletionBlocked)
        #expect(blocked.message.contains("metrics.example.invalid/v1"))
        #expect(namespace([], finalizers: ["a/b"]).conclusion.rootCause?.causeClass == .finalizerBlocksDeletion)
    }

    @Test("given a namespace that has only begun to go, or whose conditions are all False, then nothing is found")
    func going() {
        let remaining = Self.condition("NamespaceContentRemaining", "pods has 3 resource instances")
        #expect(namespace([remaining], secondsAgo: 30).conclusion.candidates.isEmpty)
        let gone = Self.condition("NamespaceContentRemaining", "all content removed", .false)
        #expect(namespace([gone]).conclusion.candidates.isEmpty)
    }

    private func claim(finalizers: [String], used: Bool, secondsAgo: Int = 600) throws -> Fixture {
        var cluster = Fixture()
        try cluster.add(\.persistentVolumeClaims, "data", #""spec": {}, "status": {"phase": "Bound"}"#)
        cluster.edit { snapshot in
            snapshot.persistentVolumeClaims.update {
                $0.metadata.deletionTimestamp = Fixture.now.advanced(by: .seconds(-secondsAgo))
                $0.metadata.finalizers = finalizers
            }
        }
        if used {
            try cluster.rawPod(
                "web-1",
                spec: """
                    {"containers": [], "nodeName": "a",
                     "volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]}
                    """,
                status: #"{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}"#
            )
        }
        return cluster
    }

    @Test("given a claim that does not go, then its users or its finalizers are why, and its users are no fault")
    func claims() throws {
        let protection = "kubernetes.io/pvc-protection"
        let used = try claim(finalizers: [protection], used: true)
        #expect(used.conclusion.rootCause == nil)
        #expect(used.conclusion.candidates.map(\.causeClass) == [.deletionWaitsForUsers])
        #expect(Analyzers.findings(in: used.snapshot).first?.related.map(\.name) == ["web-1"])

        let held = try claim(finalizers: [protection, "example.invalid/backup"], used: true)
        #expect(held.conclusion.rootCause?.causeClass == .finalizerBlocksDeletion)
        #expect(held.conclusion.rootCause?.message.contains("pvc-protection") == false)

        #expect(try claim(finalizers: [protection], used: false).conclusion.candidates.isEmpty)
        #expect(try claim(finalizers: ["a/b"], used: false, secondsAgo: 20).conclusion.candidates.isEmpty)
    }
}
