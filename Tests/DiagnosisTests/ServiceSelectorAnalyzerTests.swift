// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ServiceSelectorAnalyzer")
struct ServiceSelectorAnalyzerTests {
    private func cluster(selector: String, labels: String? = nil, service: String = "cart") throws -> Fixture {
        var cluster = Fixture()
        try cluster.app("cart", labels: labels)
        try cluster.service(service, selector: selector)
        cluster.completeNamespace()
        return cluster
    }

    @Test(
        "given a selector that misses the pods of the workload that is meant, then the Service is to be corrected",
        arguments: [
            (#"{"app": "cart_service"}"#, "app=cart"), (#"{"app": "carts"}"#, "app=cart"),
            (#"{"application": "cart"}"#, "app=cart"), (#"{"app": "basket"}"#, "app=cart"),
            (#"{"app": "cart", "tier": "web"}"#, "no label tier"),
        ]
    )
    func mismatch(selector: String, difference: String) throws {
        let cause = try #require(try cluster(selector: selector).conclusion.rootCause)
        #expect(cause.causeClass == .serviceSelectorMismatch)
        #expect(cause.object.description == "Service/shop/cart")
        #expect(cause.message.contains(difference))
        #expect(cause.confidence >= 0.7)
    }

    @Test("given a selector that matches, then all is well")
    func match() throws {
        #expect(try cluster(selector: #"{"app": "cart"}"#).conclusion.terminationReason == .healthy)
    }

    @Test("given another name and labels that only look alike, then the port that fits makes the difference")
    func otherName() throws {
        var cluster = Fixture()
        try cluster.app("checkout", labels: #"{"app": "checkout"}"#)
        try cluster.service("purchase", selector: #"{"app": "chekout"}"#)
        cluster.completeNamespace()
        #expect(cluster.conclusion.rootCause?.causeClass == .serviceSelectorMismatch)
    }

    @Test("given a Service that nothing in the namespace resembles, then it is told of and no cause is named")
    func stranger() throws {
        let conclusion = try cluster(selector: #"{"app": "flags"}"#, service: "flags").conclusion
        #expect(conclusion.rootCause == nil)
        #expect(conclusion.candidates.isEmpty)
    }

    @Test("given a canary Service that waits for pods, while the main one has the others, then that is no fault")
    func canary() throws {
        var cluster = try cluster(selector: #"{"app": "cart"}"#)
        try cluster.service("cart-canary", selector: #"{"app": "cart", "track": "canary"}"#)
        #expect(cluster.conclusion.rootCause == nil)
    }

    @Test("given siblings whose names differ in a number, then one is not taken for the other")
    func siblings() throws {
        var cluster = Fixture()
        try cluster.app("shard1", labels: #"{"app": "shard1"}"#)
        try cluster.service("shard2", selector: #"{"app": "shard2"}"#)
        cluster.completeNamespace()
        #expect(cluster.conclusion.rootCause == nil)
    }

    @Test("given a workload that matches and has no pods yet, then the selector is right")
    func noPodsYet() throws {
        var cluster = Fixture()
        try cluster.workload(
            "Deployment",
            "cart",
            spec: #"{"replicas": 1, "template": {"metadata": {"labels": {"app": "cart"}}}}"#
        )
        try cluster.service("cart")
        cluster.completeNamespace()
        #expect(cluster.findings(.serviceSelectorMismatch).isEmpty)
        #expect(cluster.findings(.serviceWithoutPods).map(\.owner.description) == ["Deployment/shop/cart"])
    }

    @Test("given pods of which not all were read, then nothing follows from their absence")
    func unread() throws {
        var cluster = Fixture()
        try cluster.app("cart")
        try cluster.service("cart", selector: #"{"app": "carts"}"#)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given a Service without selector, or one that stands for another name, then it has no pods on purpose")
    func withoutSelector() throws {
        var cluster = Fixture()
        try cluster.app("cart")
        try cluster.service("cart", selector: "{}")
        try cluster.service("carts", selector: #"{"app": "carts"}"#, more: #", "type": "ExternalName""#)
        cluster.completeNamespace()
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test(
        "given a Service that has the pods of another app, while the app of its name has no Service, then it is wrong"
    )
    func foreign() throws {
        var cluster = try cluster(selector: #"{"app": "catalog"}"#)
        try cluster.app("catalog")
        try cluster.service("catalog")
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .serviceSelectorMismatch)
        #expect(cause.message.contains("the pods of catalog"))
    }

    @Test("given an app that another Service leads to, then the Service of its name may lead elsewhere")
    func served() throws {
        var cluster = try cluster(selector: #"{"app": "catalog"}"#)
        try cluster.app("catalog")
        try cluster.service("catalog")
        try cluster.service("cart-v2", selector: #"{"app": "cart"}"#)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test(
        "given a Service whose name one unserved workload carries in the label, then that one is meant",
        arguments: [1, 2]
    )
    func foreignByLabel(versions: Int) throws {
        var cluster = Fixture()
        for version in 1...versions {
            try cluster.app("ratings-v\(version)", labels: #"{"app": "ratings", "version": "v\#(version)"}"#)
        }
        try cluster.app("details-v1", labels: #"{"app": "details", "version": "v1"}"#)
        try cluster.service("details")
        try cluster.service("ratings", selector: #"{"app": "details"}"#)
        cluster.completeNamespace()
        // Of two versions nobody knows which one waits for a Service of its own.
        #expect(cluster.findings(.serviceSelectorMismatch).map(\.object.name) == (versions == 1 ? ["ratings"] : []))
        try cluster.service("stars", selector: #"{"app": "ratings"}"#)
        #expect(cluster.findings(.serviceSelectorMismatch).isEmpty)
    }

    /// Pods of one StatefulSet, to which somebody gives a role while they run.
    private func roles(
        template: String = #"{"cluster": "db"}"#,
        primary: String = "primary",
        names: (String, String) = ("db", "db-read")
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.workload(
            "StatefulSet",
            "db",
            spec: #"{"replicas": 1, "template": {"metadata": {"labels": \#(template)}, "spec": {"containers": []}}}"#,
            status: #"{"replicas": 1, "readyReplicas": 1}"#
        )
        try cluster.rawPod(
            "db-0",
            owner: "StatefulSet/db",
            status: #"{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}"#,
            more: #", "labels": {"cluster": "db", "role": "primary"}"#
        )
        try cluster.service(names.0, selector: #"{"cluster": "db", "role": "\#(primary)"}"#)
        try cluster.service(names.1, selector: #"{"cluster": "db", "role": "replica"}"#)
        cluster.completeNamespace()
        return cluster
    }

    @Test("given a role that pods get while they run and that none of them has now, then the selector is right")
    func role() throws {
        #expect(try roles().findings(.serviceSelectorMismatch).isEmpty)
        #expect(try roles().findings(.serviceWithoutPods).count == 1)
    }

    @Test("given a label that comes from the template, or that no other Service selects, then it is no role")
    func noRole() throws {
        // The Service of the workload's own name is the one that is meant for its pods.
        let template = #"{"cluster": "db", "role": "primary"}"#
        let fixed = try roles(template: template, names: ("db-write", "db"))
        #expect(fixed.findings(.serviceSelectorMismatch).map(\.object.name) == ["db"])
        #expect(try roles(names: ("db-write", "db")).findings(.serviceSelectorMismatch).isEmpty)
        #expect(try !roles(primary: "leader").findings(.serviceSelectorMismatch).isEmpty)
    }

    @Test("given a second name for another app, then it is no fault")
    func alias() throws {
        var cluster = Fixture()
        try cluster.app("catalog")
        try cluster.service("catalog")
        try cluster.service("products", selector: #"{"app": "catalog"}"#)
        cluster.completeNamespace()
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given pods that are not ready, then that is a symptom, unless the Service wants them all the same")
    func unready() throws {
        var cluster = Fixture()
        try cluster.app("cart", ready: false)
        try cluster.service("cart")
        cluster.completeNamespace()
        #expect(cluster.findings(.serviceWithoutReadyPods).map(\.isCause) == [false])

        try cluster.service("cart", more: #", "publishNotReadyAddresses": true"#)
        #expect(cluster.findings(.serviceWithoutReadyPods).isEmpty)
    }

    @Test("given a question about another workload, then this Service is not the answer")
    func otherSubject() throws {
        var cluster = Fixture(subject: ObjectReference(kind: "Deployment", namespace: "shop", name: "web"))
        try cluster.app("web")
        var neighbours = Fixture()
        try neighbours.app("cart")
        let (pods, workloads) = (neighbours.snapshot.pods, neighbours.snapshot.workloads)
        cluster.edit { $0.neighbourPods = pods }
        cluster.edit { $0.neighbourWorkloads = workloads }
        try cluster.service("cart", selector: #"{"app": "carts"}"#)
        cluster.completeNamespace()
        #expect(cluster.conclusion.terminationReason == .healthy)
    }
}
