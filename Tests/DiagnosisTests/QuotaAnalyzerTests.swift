// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("Quotas")
struct QuotaAnalyzerTests {
    private func quota(_ cluster: inout Fixture, _ resource: String, hard: String, used: String) throws {
        try cluster.add(
            \.resourceQuotas,
            "bound",
            """
            "spec": {"hard": {"\(resource)": "\(hard)"}},
            "status": {"hard": {"\(resource)": "\(hard)"}, "used": {"\(resource)": "\(used)"}}
            """
        )
    }

    private func related(_ causeClass: CauseClass, _ cluster: Fixture) -> [String] {
        Analyzers.findings(in: cluster.snapshot).first { $0.causeClass == causeClass }?.related.map(\.description) ?? []
    }

    // MARK: Storage

    private func waitingForClaim() throws -> Fixture {
        var cluster = Fixture()
        try cluster.deployment("web")
        try cluster.rawPod(
            "web-1",
            owner: "ReplicaSet/web",
            spec: """
                {"containers": [{"name": "app"}],
                 "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}
                """,
            status: """
                {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                  "reason": "Unschedulable", "message":
                  "0/2 nodes are available: persistentvolumeclaim \\"data\\" not found."}]}
                """
        )
        return cluster
    }

    @Test("given a missing claim and no storage left, then the quota is why it is missing")
    func storageUsedUp() throws {
        var cluster = try waitingForClaim()
        try quota(&cluster, "requests.storage", hard: "10Gi", used: "10Gi")
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .storageQuotaExceeded)
        #expect(cause.object.description == "Namespace/shop")
        #expect(related(.storageQuotaExceeded, cluster).contains("ResourceQuota/shop/bound"))
        #expect(related(.storageQuotaExceeded, cluster).contains("Deployment/shop/web"))
    }

    @Test("given a volume that waits for its claim and does not fit into the quota, then the quota is the cause")
    func storageTooSmall() throws {
        func answer(left: String) throws -> CauseClass? {
            var cluster = try waitingForClaim()
            try quota(&cluster, "requests.storage", hard: left, used: "0")
            try cluster.add(
                \.persistentVolumes,
                "disk",
                #""spec": {"capacity": {"storage": "5Gi"}}, "status": {"phase": "Available"}"#
            )
            return cluster.conclusion.rootCause?.causeClass
        }
        #expect(try answer(left: "1Gi") == .storageQuotaExceeded)
        #expect(try answer(left: "20Gi") == .claimNotFound)
    }

    @Test("given a full quota and a claim that is there, then the quota is no fault")
    func storageClaimThere() throws {
        var cluster = try waitingForClaim()
        try quota(&cluster, "persistentvolumeclaims", hard: "1", used: "1")
        #expect(cluster.conclusion.rootCause?.causeClass == .storageQuotaExceeded)
        try cluster.add(\.persistentVolumeClaims, "data", #""spec": {}, "status": {"phase": "Bound"}"#)
        #expect(cluster.conclusion.rootCause?.causeClass != .storageQuotaExceeded)
    }

    // MARK: Pods

    private func short(_ requests: String, _ resource: String, hard: String, used: String) throws -> CauseClass? {
        var cluster = Fixture()
        try cluster.workload(
            "StatefulSet",
            "db",
            spec: """
                {"replicas": 2, "template": {"spec": {"containers": [{"name": "app", "resources":
                  {"requests": \(requests)}}]}}}
                """,
            status: #"{"replicas": 1, "readyReplicas": 1}"#
        )
        try quota(&cluster, resource, hard: hard, used: used)
        let cause = cluster.conclusion.rootCause
        if let cause { #expect(cause.object.description == "Namespace/shop") }
        return cause?.causeClass
    }

    @Test("given a workload that lacks pods and a quota without room for one, then the quota is the cause")
    func noRoom() throws {
        #expect(try short("{}", "pods", hard: "1", used: "1") == .podQuotaExceeded)
        #expect(try short(#"{"cpu": "500m"}"#, "requests.cpu", hard: "1", used: "700m") == .cpuQuotaExceeded)
        #expect(try short(#"{"memory": "1Gi"}"#, "requests.memory", hard: "2Gi", used: "1.5Gi") == .memoryQuotaExceeded)
        // There is room.
        #expect(try short("{}", "pods", hard: "2", used: "1") == nil)
        #expect(try short(#"{"cpu": "300m"}"#, "requests.cpu", hard: "1", used: "700m") == nil)
        // It does not need what the quota counts.
        #expect(try short("{}", "requests.cpu", hard: "1", used: "1") == nil)
    }

    @Test("given a StatefulSet that waits for its earlier pod, then the full quota is not why it lacks the next")
    func heldUp() throws {
        var cluster = Fixture()
        try cluster.workload(
            "StatefulSet",
            "db",
            spec: #"{"replicas": 2}"#,
            status: #"{"replicas": 1, "readyReplicas": 0}"#
        )
        try quota(&cluster, "pods", hard: "1", used: "1")
        #expect(cluster.conclusion.candidates.isEmpty)
    }

    @Test("given a refusal, then the quota's own figures are evidence")
    func refusal() throws {
        var cluster = Fixture()
        try cluster.workload(
            "ReplicaSet",
            "web",
            spec: #"{"replicas": 2}"#,
            status: """
                {"replicas": 1, "conditions": [{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
                 "message": "pods \\"web-x\\" is forbidden: exceeded quota: bound, requested: pods=1, used: pods=1, limited: pods=1"}]}
                """
        )
        try quota(&cluster, "pods", hard: "1", used: "1")
        let finding = try #require(
            Analyzers.findings(in: cluster.snapshot).first { $0.causeClass == .podQuotaExceeded }
        )
        #expect(finding.evidence.contains { $0.source == "status.used[pods]" && $0.text == "1 of 1 used" })
        #expect(finding.related.map(\.description) == ["ResourceQuota/shop/bound", "ReplicaSet/shop/web"])
        #expect(Analyzers.findings(in: cluster.snapshot).filter(\.isCause).count == 1)
    }

    // MARK: Services

    /// A Deployment `web` that asks for `api:80`, and a Deployment `api`.
    private func needing(
        _ value: String = "api:80",
        services: [String] = ["web"],
        isWhole: Bool = true
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.workload(
            "Deployment",
            "web",
            spec: """
                {"replicas": 0, "template": {"spec": {"containers": [{"name": "app",
                  "env": [{"name": "API", "value": "\(value)"}]}]}}}
                """
        )
        try cluster.workload(
            "Deployment",
            "api",
            spec: """
                {"replicas": 0, "template": {"spec": {"containers": [{"name": "app",
                  "ports": [{"containerPort": 80}]}]}}}
                """
        )
        for service in services { try cluster.add(\.services, service) }
        if isWhole { cluster.complete(\.services) }
        return cluster
    }

    @Test(
        "given a full quota and a Service that somebody names and that is missing, then the quota is the cause",
        arguments: ["api:80", "http://api/v1", "api.shop.svc.cluster.local:80", "http://user@api:80/"]
    )
    func serviceMissing(value: String) throws {
        var cluster = try needing(value)
        try quota(&cluster, "services", hard: "1", used: "1")
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .serviceQuotaExceeded)
        #expect(cause.object.description == "Namespace/shop")
        #expect(cause.confidence > 0.9)
        #expect(related(.serviceQuotaExceeded, cluster).contains("Service/shop/api"))
    }

    @Test("given a Service that is there, room in the quota, a foreign name or a list with gaps, then nothing is found")
    func serviceNearMisses() throws {
        func answer(_ cluster: Fixture, used: String = "2") throws -> CauseClass? {
            var cluster = cluster
            try quota(&cluster, "services", hard: "2", used: used)
            return cluster.conclusion.candidates.first { $0.causeClass == .serviceQuotaExceeded }?.causeClass
        }
        #expect(try answer(needing()) != nil)
        #expect(try answer(needing(services: ["web", "api"])) == nil)
        #expect(try answer(needing(), used: "1") == nil)
        #expect(try answer(needing("api.other.svc:80")) == nil)
        #expect(try answer(needing("api")) == nil)
        #expect(try answer(needing("https://api.example.invalid/")) == nil)
        #expect(try answer(needing(isWhole: false)) == nil)
    }

    @Test("given a name behind which there is no workload, then the finding is less certain")
    func unknownName() throws {
        var cluster = try needing("later:80")
        try quota(&cluster, "services", hard: "1", used: "1")
        let cause = try #require(cluster.conclusion.candidates.first { $0.causeClass == .serviceQuotaExceeded })
        #expect(cause.confidence < 0.6)
    }
}
