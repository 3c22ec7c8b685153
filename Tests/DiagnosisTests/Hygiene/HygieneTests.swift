// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import Testing

@Suite("Hygiene")
struct HygieneTests {
    private func classes(_ cluster: Fixture) -> Set<String> {
        Set(Analyzers.hygieneFindings(in: cluster.snapshot).map(\.causeClass.rawValue))
    }

    /// A Deployment that leaves nothing to say, but for what a test changes.
    private func careful(_ change: (inout PodSpec) -> Void = { _ in }) throws -> Fixture {
        var cluster = Fixture()
        try cluster.declared("web", replicas: 1, ready: 1, more: #", "serviceAccountName": "web""#)
        try cluster.selectingService("web")
        cluster.edit { snapshot in
            var port = Container.Port()
            port.number = 80
            snapshot.workloads[0].template.containers[0].image = "registry.local:5000/web:1.2"
            snapshot.workloads[0].template.containers[0].requests = ["cpu": "1", "memory": "1Gi"]
            snapshot.workloads[0].template.containers[0].limits = ["memory": "1Gi"]
            snapshot.workloads[0].template.containers[0].ports = [port]
            snapshot.workloads[0].template.containers[0].readinessProbe = Probe()
            change(&snapshot.workloads[0].template)
        }
        return cluster
    }

    @Test("given a workload that leaves nothing to say, then nothing is said")
    func nothing() throws {
        #expect(try classes(careful()).isEmpty)
    }

    @Test("given one thing that could be better, then just that is said")
    func one() throws {
        let changes: [(String, (inout PodSpec) -> Void)] = [
            ("MemoryLimitMissing", { $0.containers[0].limits = [:] }),
            ("ReadinessProbeMissing", { $0.containers[0].readinessProbe = nil }),
            ("PrivilegedContainer", { $0.containers[0].securityContext.isPrivileged = true }),
            ("DefaultServiceAccountUsed", { $0.serviceAccountName = nil }),
            ("ImageTagNotFixed", { $0.containers[0].image = "registry.local:5000/web" }),
            ("ImageTagNotFixed", { $0.containers[0].image = "web:latest" }),
        ]
        for (name, change) in changes { #expect(try classes(careful(change)) == [name]) }
        #expect(
            try classes(careful { ($0.containers[0].limits, $0.containers[0].requests) = ([:], [:]) })
                == ["MemoryLimitMissing", "ResourceRequestsMissing"]
        )
    }

    @Test("given a digest, or a container that no Service leads to, then nothing is said")
    func nearMisses() throws {
        #expect(try classes(careful { $0.containers[0].image = "web@sha256:0123" }).isEmpty)
        var alone = try careful { $0.containers[0].readinessProbe = nil }
        alone.edit { $0.services = Inventory() }
        #expect(classes(alone).isEmpty)
    }

    @Test("given objects that do nothing or leave something open, then that is said")
    func objects() throws {
        var cluster = Fixture()
        cluster.completeNamespace()
        try cluster.add(\.configMaps, "empty", "\"data\": {}")
        try cluster.add(\.configMaps, "full", #""data": {"a": "b"}"#)
        try cluster.add(\.cronJobs, "held", #""spec": {"suspend": true}"#)
        try cluster.add(\.cronJobs, "runs", #""spec": {"suspend": false}"#)
        try cluster.add(\.networkPolicies, "idle", #""spec": {"podSelector": {"matchLabels": {"app": "none"}}}"#)
        try cluster.add(\.networkPolicies, "all", #""spec": {"podSelector": {}}"#)
        try cluster.add(\.persistentVolumes, "old", #""status": {"phase": "Released"}"#)
        try cluster.add(\.persistentVolumes, "used", #""status": {"phase": "Bound"}"#)
        try cluster.add(\.persistentVolumeClaims, "any")
        try cluster.add(\.persistentVolumeClaims, "bound", #""spec": {"volumeName": "used"}"#)
        let said = Analyzers.hygieneFindings(in: cluster.snapshot).map { "\($0.object.name) \($0.causeClass)" }
        #expect(
            Set(said) == [
                "empty ConfigMapEmpty", "held CronJobSuspended",
                "idle NetworkPolicyWithoutPods", "old ReleasedVolumeKept", "any ClaimStorageClassMissing",
            ]
        )
    }

    @Test("given a binding to a Role with wildcards, then that is said; given another role, or none, then nothing")
    func wildcards() throws {
        func said(_ rule: String, boundTo kind: String = "Role", _ name: String = "wide") throws -> [String] {
            var cluster = Fixture()
            try cluster.add(\.roles, "wide", #""rules": [{"verbs": ["get"], "resources": ["pods"]}, \#(rule)]"#)
            try cluster.add(\.roleBindings, "team", #""roleRef": {"kind": "\#(kind)", "name": "\#(name)"}"#)
            return Analyzers.hygieneFindings(in: cluster.snapshot)
                .map { "\($0.object) \($0.causeClass): \($0.message)" }
        }
        let all = #"{"verbs": ["*"], "resources": ["*"]}"#
        let binding = "RoleBinding/shop/team WildcardPermissions: its Role wide allows"
        #expect(try said(all) == ["\(binding) * in verbs and resources"])
        #expect(try said(#"{"verbs": ["*"], "resources": ["pods"]}"#) == ["\(binding) * in verbs"])
        #expect(try said(#"{"verbs": ["get"], "resources": ["*"]}"#) == ["\(binding) * in resources"])
        #expect(try said(#"{"verbs": ["list"], "resources": ["pods/*"]}"#).isEmpty)
        #expect(try said(all, boundTo: "ClusterRole").isEmpty)
        #expect(try said(all, "other").isEmpty)
    }

    @Test("given two default storage classes, then both are named; given one, then none")
    func storageClasses() throws {
        var cluster = Fixture()
        for (name, count) in [("fast", 0), ("slow", 2)] {
            try cluster.add(\.storageClasses, name)
            cluster.edit { snapshot in
                snapshot.storageClasses.update {
                    $0.metadata.annotations = ["storageclass.kubernetes.io/is-default-class": "true"]
                }
            }
            #expect(Analyzers.hygieneFindings(in: cluster.snapshot).count == count)
        }
    }

    @Test("given an object that was applied in a version that Kubernetes has removed, then that is said")
    func appliedVersions() throws {
        func said(_ version: String) throws -> [String] {
            var cluster = Fixture()
            try cluster.add(\.podDisruptionBudgets, "web")
            try cluster.declared("web", replicas: 1, ready: 1)
            cluster.edit { snapshot in
                let note = #"{"apiVersion":"\#(version)","kind":"X"}"#
                let key = "kubectl.kubernetes.io/last-applied-configuration"
                snapshot.podDisruptionBudgets.update { $0.metadata.annotations = [key: note] }
                snapshot.workloads[0].metadata.annotations = [key: note]
            }
            return Analyzers.hygieneFindings(in: cluster.snapshot)
                .filter { $0.causeClass == .deprecatedAPIVersionApplied }.map { "\($0.object.kind): \($0.message)" }
        }
        #expect(
            try said("policy/v1beta1") == [
                "PodDisruptionBudget: it was applied as policy/v1beta1, which Kubernetes no longer serves from 1.25 on; "
                    + "policy/v1 has taken its place"
            ]
        )
        #expect(try said("apps/v1beta2").map { $0.prefix(11) } == ["Deployment:"])
        #expect(try said("policy/v1").isEmpty)
    }

    @Test("given hygiene, then it is never a cause and never part of the answer")
    func neverACause() throws {
        let cluster = try careful { $0.containers[0].limits = [:] }
        #expect(Analyzers.hygieneFindings(in: cluster.snapshot).allSatisfy { !$0.isCause && $0.severity == .low })
        #expect(cluster.conclusion.terminationReason == .healthy)
        let names = Set(Analyzers.hygiene.flatMap(\.detections).map(\.causeClass))
        #expect(names.isDisjoint(with: Analyzers.all.flatMap(\.detections).map(\.causeClass)))
    }

    @Test("given every hygiene analyzer, then what it finds is declared as hygiene")
    func declared() {
        let detections = Analyzers.hygiene.flatMap(\.detections)
        #expect(!detections.isEmpty)
        #expect(detections.allSatisfy { $0.category == .hygiene })
    }

    @Test("given a ConfigMap that hardly fits the API server, then that is said; one of half the size is not")
    func largeMaps() throws {
        var cluster = Fixture()
        try cluster.add(\.configMaps, "large", "\"data\": {\"a\": \"\(String(repeating: "x", count: 950 << 10))\"}")
        try cluster.add(\.configMaps, "half", "\"data\": {\"a\": \"\(String(repeating: "x", count: 500 << 10))\"}")
        let said = Analyzers.hygieneFindings(in: cluster.snapshot)
        #expect(said.map { "\($0.object.name) \($0.causeClass)" } == ["large ConfigMapTooLarge"])
    }

    @Test("given a pull Secret that does not exist, then that is said; nothing is if Secrets could not be read")
    func pullSecrets() throws {
        var cluster = try careful { spec in
            var secret = NameReference()
            secret.name = "registry"
            spec.imagePullSecrets = [secret]
        }
        #expect(classes(cluster).isEmpty)
        cluster.complete(\.secrets)
        #expect(classes(cluster) == ["PullSecretNotFound"])
        try cluster.add(\.secrets, "registry")
        #expect(classes(cluster).isEmpty)
    }

    @Test(
        "given managedFields with a version that Kubernetes has removed, then that is said; one of another kind is not"
    )
    func managedVersions() throws {
        func said(_ version: String) throws -> [String] {
            var cluster = Fixture()
            let budget = try JSON.decode(
                PodDisruptionBudget.self,
                from: """
                    {"metadata": {"name": "web", "namespace": "shop", "managedFields":
                      [{"manager": "helm", "apiVersion": "\(version)", "fieldsV1": {"f:spec": {}}}]}}
                    """
            )
            cluster.edit { $0.podDisruptionBudgets.add([budget], coverage: .nothing) }
            return Analyzers.hygieneFindings(in: cluster.snapshot).flatMap(\.evidence).map(\.source)
        }
        #expect(try said("policy/v1beta1") == ["metadata.managedFields"])
        #expect(try said("policy/v1").isEmpty)
        #expect(try said("batch/v1beta1").isEmpty)
    }
}
