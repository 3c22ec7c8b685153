// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import Testing

@Suite("UnservedAPIAnalyzer")
struct UnservedAPIAnalyzerTests {
    private static let removed =
        #"problem running manager: no matches for kind "PodDisruptionBudget" in version "policy/v1beta1""#

    private func cause(_ line: String, crashes: Bool = true) throws -> Cause? {
        var cluster = Fixture()
        try cluster.program("operator", crashes: crashes, log: [line, line, line])
        return cluster.conclusion.candidates.first
    }

    @Test("given a controller that ends over a version that is gone, then it is too old, and the new version is named")
    func removed() throws {
        let cause = try #require(try cause(Self.removed))
        #expect(cause.causeClass == .apiVersionRemoved)
        #expect(cause.object.description == "Deployment/shop/operator")
        #expect(cause.message.contains("from 1.25 on; policy/v1 has taken its place"))
        #expect(cause.confidence > 0.9)
        let running = try #require(try self.cause(Self.removed, crashes: false))
        #expect(running.causeClass == .apiVersionRemoved)
        #expect(running.confidence < 0.7, "it goes on without")
    }

    @Test("given an informer that names no group, then the version is told if all that it may mean say the same")
    func withoutGroup() throws {
        let line = "Failed to list *v1beta1.Deployment: the server could not find the requested resource"
        let cause = try #require(try cause(line))
        #expect(cause.causeClass == .apiVersionRemoved)
        #expect(cause.message.contains("apps/v1 has taken its place"))
        #expect(try self.cause(line.replacing("Deployment", with: "Widget"))?.causeClass == .apiKindNotServed)
    }

    @Test(
        "given a kind that Kubernetes has not removed, then it is told as not served",
        arguments: [
            (#"no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1""#, "not installed"),
            (#"no matches for kind "HorizontalPodAutoscaler" in version "autoscaling/v2""#, "of another version"),
            (#"no matches for kind "Deployment" in version "v1""#, "of another version"),
        ]
    )
    func notServed(line: String, expected: String) throws {
        let cause = try #require(try cause(line))
        #expect(cause.causeClass == .apiKindNotServed)
        #expect(cause.message.contains(expected), "\(cause.message)")
    }

    @Test("given the definition of the kind, then it is named; given all definitions without it, then that is said")
    func definitions() throws {
        var cluster = Fixture()
        try cluster.program(
            "operator",
            crashes: true,
            log: [#"no matches for kind "Widget" in version "example.com/v2""#]
        )
        cluster.complete(\.customResourceDefinitions)
        #expect(cluster.findings(.apiKindNotServed).first?.message.contains("no CustomResourceDefinition") == true)
        try cluster.add(
            \.customResourceDefinitions,
            "widgets.example.com",
            #""spec": {"group": "example.com", "names": {"kind": "Widget", "plural": "widgets"}}"#
        )
        let related = cluster.findings(.apiKindNotServed).first?.related.map(\.description)
        #expect(related == ["CustomResourceDefinition/widgets.example.com"])
        try cluster.add(
            \.customResourceDefinitions,
            "widgets.example.com",
            #""spec": {"group": "example.org", "names": {"kind": "Widget", "plural": "widgets"}}"#
        )
        #expect(cluster.findings(.apiKindNotServed).first?.related.isEmpty == true)
    }

    @Test(
        "given a line that does not say what is missing, or a kind that was found, then nothing is said",
        arguments: [
            "the server could not find the requested resource", #"found 3 matches for kind "Pod" in version "v1""#,
        ]
    )
    func nearMisses(line: String) throws {
        let classes = try cause(line).map(\.causeClass)
        #expect(classes != .apiVersionRemoved)
        #expect(classes != .apiKindNotServed)
    }

    @Test("given an autoscaler whose target is named in a version that is gone, then that is why it cannot scale")
    func autoscaler() throws {
        func answer(_ message: String) throws -> CauseClass? {
            var cluster = Fixture()
            try cluster.deployment("web", ready: 1)
            try cluster.add(
                \.horizontalPodAutoscalers,
                "web",
                """
                "spec": {"maxReplicas": 3, "scaleTargetRef":
                  {"apiVersion": "extensions/v1beta1", "kind": "Deployment", "name": "web"}},
                "status": {"conditions": [{"type": "AbleToScale", "status": "False", "reason": "FailedGetScale",
                  "message": "\(message)"}]}
                """
            )
            return cluster.conclusion.rootCause?.causeClass
        }
        let words = "the HPA controller was unable to get the target's current scale: "
        #expect(
            try answer(words + #"no matches for kind \"Deployment\" in group \"extensions\""#) == .apiVersionRemoved
        )
        #expect(try answer(words + "deployments.apps is forbidden") == .autoscalerUnableToScale)
    }

    @Test("given a custom resource whose controller cannot make what it describes, then the version is why")
    func customResource() throws {
        func answer(_ message: String) throws -> CauseClass? {
            var cluster = Fixture()
            let object = try JSON.decode(
                CustomObject.self,
                from: """
                    {"apiVersion": "delivery.example.com/v1", "kind": "Delivery",
                     "metadata": {"name": "shop", "namespace": "shop"}, "status": {"conditions": [
                       {"type": "Ready", "status": "False", "reason": "Failed", "message": "\(message)"}]}}
                    """
            )
            cluster.edit { $0.customObjects.add([object], coverage: .nothing) }
            return cluster.conclusion.rootCause?.causeClass
        }
        let words = #"dry-run failed: no matches for kind \"Ingress\" in version \"extensions/v1beta1\""#
        #expect(try answer(words) == .apiVersionRemoved)
        #expect(try answer("dry-run failed: no such image") == .customResourceNotReady)
    }

    private static let unmatched =
        #"unable to build kubernetes objects: no matches for kind "Ingress" in version "extensions/v1beta1""#

    private func released(_ message: String, secondsAgo: Int = 60, later: String? = nil) throws -> Fixture {
        var cluster = Fixture()
        try cluster.deployment("web", ready: 1)
        try cluster.event(kind: "Deployment", "web", reason: "ApplyFailed", secondsAgo: secondsAgo, message)
        if let later { try cluster.event(kind: "Deployment", "web", reason: "Applied", secondsAgo: 5, later) }
        return cluster
    }

    @Test("given a controller that cannot apply what an object describes, then its event tells of the version")
    func events() throws {
        let cause = try #require(try released(Self.unmatched).conclusion.rootCause)
        #expect(cause.causeClass == .apiVersionRemoved)
        #expect(cause.object.description == "Deployment/shop/web")
        #expect(cause.message.contains("networking.k8s.io/v1 has taken its place"))
    }

    @Test(
        "given such an event that is old, that another has followed, or of an object that is gone, then it is history"
    )
    func oldEvents() throws {
        #expect(try released(Self.unmatched, secondsAgo: 7200).findings(.apiVersionRemoved).isEmpty)
        #expect(try released(Self.unmatched, later: "done").findings(.apiVersionRemoved).isEmpty)
        var gone = try released(Self.unmatched)
        gone.edit { snapshot in
            snapshot.workloads = []
            snapshot.coverage["Deployment"] = .everything
        }
        #expect(gone.findings(.apiVersionRemoved).isEmpty)
    }
}
