// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("Workloads")
struct WorkloadAnalyzerTests {
    private func refused(_ message: String, replicas: Int = 1, have: Int = 0) throws -> Fixture {
        var cluster = Fixture(
            subject: ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web")
        )
        try cluster.workload("Deployment", "web", spec: #"{"replicas": \#(replicas)}"#)
        try cluster.workload(
            "ReplicaSet",
            """
            {"metadata": {"name": "web-abc", "namespace": "shop", "uid": "rs", "ownerReferences":
              [{"kind": "Deployment", "apiVersion": "apps/v1", "name": "web", "uid": "deployment-web",
                "controller": true}]},
             "spec": {"replicas": \(replicas)}, "status": {"replicas": \(have), "conditions":
               [{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "\(message)"}]}}
            """
        )
        return cluster
    }

    @Test(
        "given a refusal of the API server, then its reason and who has to change are named",
        arguments: [
            (
                "exceeded quota: q, requested: requests.cpu=1, used: requests.cpu=9, limited: requests.cpu=9",
                "CPUQuotaExceeded", "Namespace/shop"
            ),
            (
                "exceeded quota: q, requested: limits.memory=1Gi, used: limits.memory=3Gi, limited: limits.memory=3Gi",
                "MemoryQuotaExceeded", "Namespace/shop"
            ),
            (
                "exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5", "PodQuotaExceeded",
                "Namespace/shop"
            ),
            (
                "exceeded quota: q, requested: example.invalid/gpu=1, used: 0, limited: 0", "ResourceQuotaExceeded",
                "Namespace/shop"
            ),
            ("failed quota: q: must specify limits.cpu", "QuotaRequiresResources", "Deployment/shop/web"),
            (
                #"error looking up service account shop/web: serviceaccount \"web\" not found"#,
                "ServiceAccountNotFound", "Deployment/shop/web"
            ),
            (
                #"violates PodSecurity \"restricted:latest\": runAsNonRoot != true"#, "PodSecurityViolation",
                "Deployment/shop/web"
            ),
            (
                #"admission webhook \"a.example.invalid\" denied the request: no label"#, "AdmissionWebhookDenied",
                "Deployment/shop/web"
            ),
            (
                #"Internal error occurred: failed calling webhook \"a.example.invalid\": connection refused"#,
                "AdmissionWebhookUnavailable", "Deployment/shop/web"
            ),
            (
                "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", "AdmissionPolicyDenied",
                "Deployment/shop/web"
            ),
            ("no PriorityClass with name high was found", "PriorityClassNotFound", "Deployment/shop/web"),
            (
                "maximum memory usage per Container is 1Gi, but limit is 2Gi", "LimitRangeViolation",
                "Deployment/shop/web"
            ),
            ("something else", "PodCreationRefused", "Deployment/shop/web"),
        ]
    )
    func refusals(reason: String, expected: String, object: String) throws {
        let message = #"pods \"web-abc-x1y2z\" is forbidden: "# + reason
        let cluster = try refused(message)
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
        #expect(cause.object.description == object)
        #expect(cause.message.contains("x1y2z") == false)
        #expect(cause.explains.contains { $0.kind == "Deployment" })
    }

    @Test("given a webhook whose program crashes, then that is why no pod is admitted")
    func webhookOfCrashing() throws {
        let message =
            #"failed calling webhook \"a.example.invalid\": failed to call webhook: "#
            + #"Post \"https://guard.shop.svc:443/?timeout=10s\": no endpoints available for service \"guard\""#
        var cluster = try refused(message)
        try cluster.program("guard", crashes: true)
        try cluster.service("guard", port: 443)
        let conclusion = cluster.conclusion
        #expect(conclusion.rootCause?.object.name == "guard")
        #expect(conclusion.rootCause?.causeClass == .applicationCrash)
        #expect(conclusion.candidates.first { $0.causeClass == .admissionWebhookUnavailable }?.follows == [0])
        // A webhook outside of the cluster has nobody behind it.
        let outside = try refused(#"failed calling webhook \"a\": Post \"https://hooks.example.invalid:443/\": EOF"#)
        #expect(outside.findings(.admissionWebhookUnavailable).map(\.related) == [[]])
    }

    @Test("given some pods and a quota that admits no more, then it counts as well; with all of them it is history")
    func partialFailure() throws {
        let message = "exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5"
        #expect(try refused(message, replicas: 3, have: 2).conclusion.rootCause?.causeClass == .podQuotaExceeded)
        #expect(try refused(message, replicas: 3, have: 3).conclusion.rootCause == nil)
    }

    @Test("given a quota message whose figures change, then the message stays the same")
    func stableQuotaMessage() throws {
        func message(used: Int) throws -> String? {
            try refused("exceeded quota: q, requested: pods=1, used: pods=\(used), limited: pods=5")
                .conclusion.rootCause?.message
        }
        #expect(try message(used: 5) == message(used: 6))
        #expect(try message(used: 5)?.contains("quota q is used up for pods (pods=5)") == true)
    }

    @Test("given a ServiceAccount that is there by now, then its absence is of the past")
    func serviceAccountIsThere() throws {
        var cluster = try refused(#"serviceaccount \"web\" not found"#)
        let lookups = Analyzers.lookups(in: cluster.snapshot)
        #expect(lookups.map(\.description) == ["ServiceAccount/shop/web"])
        cluster.edit { $0.existence = ["ServiceAccount/shop/web": true] }
        #expect(cluster.conclusion.rootCause == nil)
        cluster.edit { $0.existence = ["ServiceAccount/shop/web": false] }
        #expect(cluster.conclusion.rootCause?.causeClass == .serviceAccountNotFound)
    }

    @Test("given a DaemonSet that has no condition, then its newest event decides", arguments: [true, false])
    func daemonSetEvents(hasSucceededSince: Bool) throws {
        var cluster = Fixture()
        try cluster.workload(
            "DaemonSet",
            "agent",
            spec: "{}",
            status: #"{"desiredNumberScheduled": 2, "currentNumberScheduled": 1, "numberReady": 1}"#
        )
        try cluster.event(
            kind: "DaemonSet",
            "agent",
            reason: "FailedCreate",
            secondsAgo: 60,
            "exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5"
        )
        if hasSucceededSince {
            try cluster.event(kind: "DaemonSet", "agent", reason: "SuccessfulCreate", "Created pod: agent-1")
        }
        #expect(cluster.conclusion.rootCause?.causeClass == (hasSucceededSince ? nil : .podQuotaExceeded))
    }

    @Test("given a rollout that is stuck while the old pods serve, then the new pod's container is the cause")
    func stuckRollout() throws {
        var cluster = Fixture()
        try cluster.workload(
            "Deployment",
            "web",
            spec: #"{"replicas": 1}"#,
            status: """
                {"replicas": 2, "readyReplicas": 1, "conditions": [{"type": "Progressing", "status": "False",
                  "reason": "ProgressDeadlineExceeded", "message": "timed out progressing"}]}
                """
        )
        #expect(cluster.conclusion.terminationReason == .inconclusive)
        #expect(cluster.conclusion.summary.contains("makes no progress"))
        try cluster.rawPod(
            "web-new",
            owner: "Deployment/web",
            status: """
                {"phase": "Pending", "containerStatuses":
                  [{"name": "app", \(Fixture.waiting("ErrImagePull", "manifest unknown"))}]}
                """
        )
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .imageNotFound)
        #expect(cause.container == "app")
        #expect(cause.explains.contains { $0.kind == "Deployment" })
    }

    @Test("given a condition about an earlier spec, then the rollout of this one has only begun")
    func earlierRollout() throws {
        var cluster = Fixture()
        try cluster.workload(
            "Deployment",
            """
            {"metadata": {"name": "web", "namespace": "shop", "uid": "d", "generation": 3}, "spec": {"replicas": 1},
             "status": {"readyReplicas": 1, "observedGeneration": 2, "conditions":
               [{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]}}
            """
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    private func statefulSet(_ spec: String, ready: Int = 0) throws -> Fixture {
        var cluster = Fixture()
        try cluster.workload(
            "StatefulSet",
            "db",
            spec: spec,
            status: #"{"replicas": 1, "readyReplicas": \#(ready)}"#
        )
        return cluster
    }

    @Test("given a StatefulSet whose Service is not there, then it is named; not knowing is not the same")
    func governingService() throws {
        var cluster = try statefulSet(#"{"replicas": 1, "serviceName": "db"}"#)
        #expect(Analyzers.lookups(in: cluster.snapshot).map(\.description) == ["Service/shop/db"])
        #expect(cluster.conclusion.rootCause == nil)
        cluster.edit { $0.existence = ["Service/shop/db": false] }
        #expect(cluster.conclusion.rootCause?.causeClass == .governingServiceNotFound)
        cluster.edit { $0.existence = ["Service/shop/db": true] }
        #expect(cluster.conclusion.rootCause == nil)
        // Whoever asks for one of its names makes it certain, and is no fault of its own.
        cluster.edit { $0.existence = ["Service/shop/db": false] }
        #expect(cluster.conclusion.rootCause?.confidence ?? 1 < 0.9)
        try cluster.program("peer", log: ["ERROR lookup db-1.db: no such host", "ERROR lookup db-1.db: no such host"])
        #expect(cluster.conclusion.rootCause?.causeClass == .governingServiceNotFound)
        #expect(cluster.conclusion.rootCause?.confidence == 0.93)
        #expect(cluster.findings(.dependencyHostUnresolvable).isEmpty)
        let nameless = try statefulSet(#"{"replicas": 1, "serviceName": ""}"#)
        #expect(Analyzers.lookups(in: nameless.snapshot).isEmpty)
    }

    @Test("given claims of a storage class that is not there, then it is named")
    func storageClass() throws {
        let spec = #"{"replicas": 1, "volumeClaimTemplates": [{"spec": {"storageClassName": "fast"}}]}"#
        var cluster = try statefulSet(spec)
        cluster.edit { $0.existence = ["StorageClass/fast": false] }
        #expect(cluster.conclusion.rootCause?.causeClass == .storageClassNotFound)
        var served = try statefulSet(spec, ready: 1)
        #expect(Analyzers.lookups(in: served.snapshot).isEmpty)
        served.edit { $0.existence = ["StorageClass/fast": false] }
        #expect(served.conclusion.terminationReason == .healthy)
    }

    @Test("given a pod that the later ones wait for, then it is a symptom that its container explains")
    func blockedOrdinal() throws {
        func blocked(_ policy: String) throws -> Fixture {
            var cluster = try statefulSet(#"{"replicas": 3, "podManagementPolicy": "\#(policy)"}"#)
            try cluster.rawPod(
                "db-0",
                owner: "StatefulSet/db",
                status: #"{"phase": "Running", "containerStatuses": [{"name": "app", \#(Fixture.crashLoop())}]}"#
            )
            return cluster
        }
        let ordered = try blocked("OrderedReady")
        let symptoms = Analyzers.findings(in: ordered.snapshot).filter { $0.causeClass == .statefulSetOrdinalBlocked }
        #expect(symptoms.map(\.isCause) == [false])
        #expect(ordered.conclusion.rootCause?.causeClass == .applicationCrash)
        let parallel = Analyzers.findings(in: try blocked("Parallel").snapshot)
        #expect(!parallel.contains { $0.causeClass == .statefulSetOrdinalBlocked })
    }

    @Test(
        "given a Job, then only one that has failed for good has failed",
        arguments: [
            (#"{"suspend": true}"#, "{}", Conclusion.TerminationReason.healthy),
            ("{}", #"{"failed": 2, "active": 1}"#, .healthy),
            (
                "{}",
                #"{"failed": 3, "conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}]}"#,
                .inconclusive
            ),
            (
                #"{"activeDeadlineSeconds": 60}"#,
                #"{"conditions": [{"type": "Failed", "status": "True", "reason": "DeadlineExceeded"}]}"#, .likely
            ),
        ]
    )
    func jobs(spec: String, status: String, expected: Conclusion.TerminationReason) throws {
        var cluster = Fixture()
        try cluster.workload("Job", "once", spec: spec, status: status)
        #expect(cluster.conclusion.terminationReason == expected)
    }

    @Test("given a Job that gave up, then it is the cause itself only if all pods were seen and none of them is left")
    func jobWithoutPods() throws {
        func conclusion(knowsPods: Bool, hasPod: Bool) throws -> Conclusion {
            var cluster = Fixture()
            if knowsPods { cluster.edit { $0.coverage["Pod"] = .everything } }
            try cluster.workload(
                "Job",
                "once",
                spec: "{}",
                status: #"{"conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}]}"#
            )
            if hasPod { try cluster.rawPod("once-1", owner: "Job/once", status: #"{"phase": "Failed"}"#) }
            return cluster.conclusion
        }
        let gone = try conclusion(knowsPods: true, hasPod: false)
        #expect(gone.rootCause?.causeClass == .jobBackoffLimitExceeded)
        #expect(gone.rootCause?.object.description == "Job/shop/once")
        #expect(gone.recommendations.first?.command == "kubectl -n shop describe job once")
        #expect(try conclusion(knowsPods: false, hasPod: false).rootCause == nil)
        #expect(try conclusion(knowsPods: true, hasPod: true).rootCause?.causeClass != .jobBackoffLimitExceeded)
    }

    @Test("given a Job that has failed, then the container of its pod is the cause, unless another attempt runs")
    func jobAttempts() throws {
        let failedPod = """
            {"phase": "Failed", "containerStatuses": [{"name": "app", "state":
              {"terminated": {"exitCode": 2, "reason": "Error"}}}]}
            """
        var failed = Fixture()
        try failed.workload(
            "Job",
            "once",
            spec: "{}",
            status: #"{"conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}]}"#
        )
        try failed.rawPod("once-1", owner: "Job/once", status: failedPod)
        #expect(failed.conclusion.rootCause?.object.description == "Job/shop/once")

        var trying = Fixture()
        try trying.workload("Job", "once", spec: "{}", status: #"{"active": 1, "failed": 1}"#)
        try trying.rawPod("once-1", owner: "Job/once", status: failedPod)
        try trying.rawPod(
            "once-2",
            owner: "Job/once",
            status: """
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}],
                 "containerStatuses": [{"name": "app", "ready": true, "state": {"running": {}}}]}
                """
        )
        #expect(trying.conclusion.terminationReason == .healthy)
    }

    @Test("given a workload without replicas, then it is a fault only if the question is about it")
    func scaledToZero() throws {
        func answer(_ subject: ObjectReference?) throws -> CauseClass? {
            var cluster = Fixture(subject: subject)
            try cluster.workload("Deployment", "web", spec: #"{"replicas": 0}"#)
            return cluster.conclusion.rootCause?.causeClass
        }
        let web = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web")
        var other = web
        other.name = "other"
        #expect(try answer(web) == .workloadScaledToZero)
        #expect(try answer(nil) == nil)
        #expect(try answer(other) == nil)
    }
}
