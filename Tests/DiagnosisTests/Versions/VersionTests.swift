// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Diagnosis

@Suite("Versions of the API")
struct VersionTests {
    @Test(
        "given a version, then its two numbers are read, and anything else is none",
        arguments: [
            ("v1.31.2", "1.31"), ("1.20", "1.20"), ("v1.27.3-gke.100", "1.27"), ("v1.28+", "1.28"), ("v1", nil),
            ("", nil), ("main", nil), ("v1.x", nil), ("v-1.2", nil),
        ]
    )
    func minor(text: String, expected: String?) {
        #expect(MinorVersion(text)?.description == expected)
    }

    @Test("given two versions, then numbers are compared, not texts")
    func order() throws {
        let (old, new) = (try #require(MinorVersion("1.9")), try #require(MinorVersion("1.10")))
        #expect(old < new)
        #expect(!(new < old))
    }

    @Test(
        "given a version and kind, then it is known whether Kubernetes has removed it",
        arguments: [
            ("policy/v1beta1", "PodDisruptionBudget", 25), ("extensions/v1beta1", "Ingress", 22),
            ("extensions/v1beta1", "Deployment", 16), ("apps/v1beta2", "ControllerRevision", 16),
            ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 32), ("policy/v1", "PodDisruptionBudget", nil),
            ("batch/v1beta1", "Job", nil), ("apps/v1beta1", "DaemonSet", nil), ("v1", "Pod", nil),
            ("example.com/v1beta1", "Ingress", nil),
        ]
    )
    func removed(apiVersion: String, kind: String, expected: Int?) {
        #expect(RemovedAPI.entry(apiVersion, kind)?.removedIn == expected)
    }

    @Test("given any entry, then what has taken its place has not been removed itself")
    func successors() {
        for entry in RemovedAPI.all {
            guard let successor = entry.successor else { continue }
            for kind in entry.kinds { #expect(RemovedAPI.entry(successor, kind) == nil, "\(successor) \(kind)") }
            #expect(successor != entry.apiVersion)
        }
    }

    @Test(
        "given what client-go or kubectl says, then the kind is found in it",
        arguments: [
            (
                #"no matches for kind "Ingress" in version "networking.k8s.io/v1beta1""#,
                "Ingress of networking.k8s.io/v1beta1"
            ),
            (#"{"err":"no matches for kind \"Pod\" in version \"v2\""}"#, "Pod of v2"),
            (#"no matches for kind "Deployment" in group "extensions""#, "Deployment of group extensions"),
            (
                "Failed to watch *v1beta1.CronJob: failed to list *v1beta1.CronJob: the server could not find the requested "
                    + "resource (get cronjobs.batch)",
                "CronJob of batch/v1beta1"
            ),
            ("failed to list *v1beta1.CronJob: the server could not find the requested resource", "CronJob of v1beta1"),
            ("failed to list *v2.Pod: the server could not find the requested resource (get pods)", "Pod of v2"),
        ]
    )
    func unserved(text: String, expected: String) {
        #expect(UnservedKind(text)?.title == expected)
    }

    @Test(
        "given another line, then no kind is found in it",
        arguments: [
            "the server could not find the requested resource",
            "unable to get metrics: the server could not find the requested resource (get pods.metrics.k8s.io)",
            "failed to list *v1.PartialObjectMetadata: the server could not find the requested resource",
            "failed to list *unstructured.Unstructured: the server could not find the requested resource",
            "failed to list *v1beta1.CronJob: connection refused", #"no matches for kind ""#, "no matches for kind",
        ]
    )
    func served(text: String) {
        #expect(UnservedKind(text) == nil)
    }

    @Test("given what kubectl has applied, then only its version is read, and only if it is one")
    func applied() {
        let text = #"{"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget","data":"secret"}"#
        let applied = AppliedConfiguration(text)
        #expect(applied?.apiVersion == "policy/v1beta1")
        #expect(applied?.text == #"{"apiVersion":"policy/v1beta1"}"#)
        #expect(applied.flatMap { AppliedConfiguration($0.text) } == applied)
        for other in [
            "", "{}", #"{"kind":"X"}"#, #"{"apiVersion":""}"#, #"{"apiVersion":"A B"}"#, #"{"apiVersion":"v1"#,
        ] {
            #expect(AppliedConfiguration(other) == nil, "\(other)")
        }
    }
}
