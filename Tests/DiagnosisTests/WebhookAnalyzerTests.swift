// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("WebhookAnalyzer")
struct WebhookAnalyzerTests {
    private func cluster(policy: String = "Fail", service: Bool = true, pods: Bool = true) throws -> Fixture {
        var cluster = Fixture()
        try cluster.add(
            \.validatingWebhookConfigurations,
            "policy",
            """
            "webhooks": [{"name": "check.policy.example", "failurePolicy": "\(policy)",
              "clientConfig": {"service": {"namespace": "shop", "name": "policy"}}}]
            """
        )
        if service { try cluster.service("policy") }
        if pods { try cluster.app("policy") }
        cluster.completeNamespace()
        cluster.complete(\.services)
        return cluster
    }

    @Test("given a webhook with a Service and pods, then all is well")
    func healthy() throws {
        #expect(try cluster().conclusion.terminationReason == .healthy)
    }

    @Test("given a webhook whose Service is gone, then its configuration is what is left over")
    func noService() throws {
        let cause = try #require(try cluster(service: false, pods: false).conclusion.rootCause)
        #expect(cause.causeClass == .webhookServiceNotFound)
        #expect(cause.object.description == "ValidatingWebhookConfiguration/policy")
        #expect(cause.severity == .critical)
    }

    @Test("given a webhook without which things are admitted all the same, then it is not the answer")
    func ignored() throws {
        #expect(try cluster(policy: "Ignore", service: false, pods: false).conclusion.rootCause == nil)
    }

    @Test(
        "given a Service with nobody behind it, then the webhook is named; pods that are not ready speak for themselves"
    )
    func noPods() throws {
        #expect(try cluster(pods: false).conclusion.rootCause?.causeClass == .webhookWithoutPods)
        var unready = try cluster(pods: false)
        try unready.app("policy", ready: false)
        #expect(unready.findings(.webhookWithoutPods).isEmpty)
    }

    @Test("given Services that were not read, then none is said to be missing")
    func unread() throws {
        var cluster = Fixture()
        try cluster.add(
            \.mutatingWebhookConfigurations,
            "policy",
            #""webhooks": [{"name": "x", "clientConfig": {"service": {"namespace": "other", "name": "policy"}}}]"#
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    private static func refused(_ words: String) -> String {
        #"Internal error occurred: failed calling webhook \"check.policy.example\": failed to call webhook: \#(words)"#
    }

    @Test("given a workload that gets no pods because of a webhook's certificate, then the webhook is named")
    func certificate() throws {
        var cluster = try cluster()
        let message = Self.refused("x509: certificate has expired or is not yet valid")
        try cluster.workload(
            "ReplicaSet",
            "cart",
            spec: #"{"replicas": 1}"#,
            status: """
                {"conditions": [{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
                  "message": "\(message)"}]}
                """
        )
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .webhookCertificateInvalid)
        #expect(cause.object.description == "ValidatingWebhookConfiguration/policy")
    }

    @Test("given a workload that has its pods again, then what the event says is history")
    func history() throws {
        var cluster = try cluster()
        try cluster.workload(
            "ReplicaSet",
            "cart",
            spec: #"{"replicas": 1}"#,
            status: #"{"replicas": 1, "readyReplicas": 1}"#
        )
        try cluster.event(
            kind: "ReplicaSet",
            "cart",
            reason: "FailedCreate",
            #"failed calling webhook "check.policy.example": x509: certificate has expired"#
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
    }
}
