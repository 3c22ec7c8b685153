// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("Explanations")
struct ExplanationTests {
    /// A client that crashes and names a database that does not run for a reason of its own.
    private func shop(saying line: String?, variable: String = "DB_HOST") throws -> Fixture {
        var cluster = Fixture()
        try cluster.declared("client", environment: [variable: "db"])
        try cluster.crashingPod("client-1", of: "client", saying: line)
        try cluster.declared("db")
        try cluster.selectingService("db")
        try cluster.rawPod(
            "db-1",
            owner: "Deployment/db",
            status: """
                {"phase": "Pending", "containerStatuses": [{"name": "app", "state": {"waiting":
                  {"reason": "ImagePullBackOff", "message": "manifest unknown"}}}]}
                """
        )
        // What the client says is nearly proof of a crash; the pull alone may look less certain.
        return cluster
    }

    /// That a workload is down for a reason that no analyzer has to find first.
    private func fault(_ name: String, _ causeClass: CauseClass = .workloadScaledToZero) -> Finding {
        let object = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: name)
        return Finding(
            causeClass: causeClass,
            object: object,
            owner: object,
            severity: .high,
            message: "it is down",
            confidence: 0.9,
            isCause: true,
            evidence: []
        )
    }

    private func ranked(_ cluster: Fixture, with more: Finding...) -> [Cause] {
        let findings = Analyzers.findings(in: cluster.snapshot).filter { finding in
            !more.contains { $0.causeClass == finding.causeClass && $0.owner.name == finding.owner.name }
        }
        let all = findings + more
        let explanations = EvidenceGraph.explanations(of: all, in: cluster.snapshot)
        return CausalRanking.rank(Assessment(findings: all, explanations: explanations))
    }

    @Test("given a client that cannot reach a database which has a fault, then that fault comes first and explains it")
    func traffic() throws {
        let conclusion = try shop(saying: "FATAL: connection refused").conclusion
        #expect(conclusion.candidates.map(\.object.name) == ["db", "client"])
        let cause = try #require(conclusion.candidates.first)
        #expect(cause.explains.map(\.description).contains("Deployment/shop/client"))
        #expect(cause.precedence == "the next one follows from it")
        #expect(conclusion.candidates[1].follows == [0])
        #expect(
            conclusion.candidates[1].path
                == "Pod/shop/client-1 belongs to Deployment/shop/client, which calls Service/shop/db, which is served by "
                + "Deployment/shop/db"
        )
        #expect(conclusion.summary.contains("1 other cause found, 1 of them as a consequence"))
    }

    @Test("given a client that gives a reason of its own, then what it calls does not explain it")
    func ownReason() throws {
        let conclusion = try shop(saying: "FATAL: unknown option --colour").conclusion
        #expect(conclusion.candidates.allSatisfy { $0.follows.isEmpty })
    }

    @Test("given a client that does not name the database, then the database does not explain it")
    func stranger() throws {
        let conclusion = try shop(saying: "FATAL: connection refused", variable: "FLAVOUR").conclusion
        #expect(conclusion.candidates.allSatisfy { $0.follows.isEmpty })
    }

    @Test("given a client that is not ready and says nothing, then the fault of what it calls explains that")
    func symptom() throws {
        var cluster = Fixture()
        try cluster.declared("client", environment: ["DB_HOST": "db"])
        try cluster.declared("db", replicas: 0)
        try cluster.selectingService("db")
        let cause = try #require(ranked(cluster, with: fault("db")).first)
        #expect(cause.causeClass == .workloadScaledToZero)
        #expect(cause.explains.map(\.name) == ["client"])
    }

    @Test("given a fault of somebody else that is seen on a pod, then it explains the crash that complains of it")
    func seenOnThePod() throws {
        func answer(saying line: String) throws -> Conclusion {
            let cluster = try shop(saying: line, variable: "OTHER")
            let crash = try #require(cluster.findings(.applicationCrash).first)
            var seen = fault("resolver", .clusterDNSUnavailable)
            seen.object = crash.object
            let findings = [crash, seen]
            return Conclusion(
                subject: nil,
                findings: findings,
                explanations: EvidenceGraph.explanations(of: findings, in: cluster.snapshot),
                unreadable: []
            )
        }
        let silent = try answer(saying: "lookup db on 10.0.0.10:53: i/o timeout")
        #expect(silent.candidates.first { $0.causeClass == .applicationCrash }?.follows == [0])
        let other = try answer(saying: "unknown flag: --verbose")
        #expect(other.candidates.first { $0.causeClass == .applicationCrash }?.follows == [])
    }

    @Test("given a program between the two that does well, then a fault behind it explains nothing")
    func healthyBetween() throws {
        for middle in [0, 1] {
            var cluster = Fixture()
            try cluster.declared("client", environment: ["API_HOST": "api"])
            try cluster.crashingPod("client-1", of: "client", saying: "FATAL: connection refused")
            try cluster.declared("api", ready: middle, environment: ["DB_HOST": "db"])
            try cluster.selectingService("api")
            try cluster.declared("db", replicas: 0)
            try cluster.selectingService("db")
            let client = try #require(ranked(cluster, with: fault("db")).first { $0.object.name == "client" })
            #expect(client.follows.isEmpty == (middle == 1), "\(middle) of 1 ready")
        }
    }

    @Test("given a lost node, then it explains what is on it, and not the crash of replicas on other nodes too")
    func node() throws {
        for places in [["a", "a"], ["a", "b"]] {
            var cluster = Fixture()
            try cluster.declared("web", replicas: 2)
            for (index, place) in places.enumerated() {
                try cluster.crashingPod("web-\(index)", of: "web", node: place)
            }
            let node = ObjectReference(apiVersion: "v1", kind: "Node", name: "a")
            var lost = fault("", .kubeletUnavailable)
            (lost.object, lost.owner) = (node, node)
            let ranked = ranked(cluster, with: lost)
            let crash = try #require(ranked.first { $0.causeClass == .applicationCrash })
            #expect(crash.follows.isEmpty == (places == ["a", "b"]), "\(places)")
        }
    }

    @Test("given two programs that call each other and crash, then one of them explains the other, not both")
    func circle() throws {
        var cluster = Fixture()
        for (name, other) in [("a", "b"), ("b", "a")] {
            try cluster.declared(name, environment: ["PEER_HOST": other])
            try cluster.selectingService(name)
            try cluster.crashingPod("\(name)-1", of: name, saying: "FATAL: connection refused")
        }
        let candidates = cluster.conclusion.candidates
        #expect(candidates.count == 2)
        #expect(candidates[0].follows.isEmpty)
        #expect(candidates[1].follows == [0])
    }

    @Test("given a quota that refuses the pods of one workload, then it explains that one and not its neighbours")
    func namespace() throws {
        var cluster = Fixture()
        try cluster.declared("full")
        try cluster.declared("other")
        var quota = fault("full", .podQuotaExceeded)
        quota.owner = ObjectReference(apiVersion: "v1", kind: "Namespace", name: "shop")
        let cause = try #require(ranked(cluster, with: quota).first)
        #expect(cause.object.kind == "Namespace")
        #expect(cause.explains.map(\.name) == ["full"])
    }

    @Test("given a finding that names what it needs, then a fault of that explains it whatever its class is")
    func named() throws {
        var cluster = Fixture()
        try cluster.declared("client")
        try cluster.declared("db", replicas: 0)
        try cluster.selectingService("db")
        for isNamed in [true, false] {
            var complaint = fault("client", CauseClass(rawValue: "DependencyUnreachable"))
            complaint.confidence = 0.95
            if isNamed {
                complaint.related = [ObjectReference(apiVersion: "v1", kind: "Service", namespace: "shop", name: "db")]
            }
            #expect(ranked(cluster, with: fault("db"), complaint).first?.object.name == (isNamed ? "db" : "client"))
        }
    }

    @Test("given analyzers that work at the same time, then what they find and its order are the same")
    func inParallel() async throws {
        var cluster = Fixture()
        for number in 0..<5 {
            try cluster.program("p\(number)", crashes: true, log: ["dial tcp db:\(number + 1): connection refused"])
            try cluster.service("p\(number)", port: 80)
        }
        let expected = Assessment(of: cluster.snapshot)
        #expect(await Assessment.inParallel(of: cluster.snapshot) == expected)
        #expect(expected.findings.count > 10)
    }
}
