// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("Conclusion")
struct ConclusionTests {
    private let subject = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web")

    @Test("given a healthy workload, then it says so")
    func healthy() throws {
        var cluster = Fixture(subject: subject)
        try cluster.deployment("web", replicas: 2, ready: 2)
        let conclusion = cluster.conclusion
        #expect(conclusion.terminationReason == .healthy)
        #expect(conclusion.summary == "Nothing is wrong with Deployment/shop/web.")
        #expect(conclusion.candidates.isEmpty)
    }

    @Test("given nothing but words for the reader, then nothing fails, and they are told")
    func wordsForTheReader() throws {
        var cluster = Fixture()
        try cluster.app("web")
        try cluster.service("web")
        try cluster.service("old")
        cluster.completeNamespace()
        let conclusion = cluster.conclusion
        #expect(conclusion.terminationReason == .healthy)
        #expect(conclusion.rootCause == nil)
        #expect(conclusion.summary.hasPrefix("Nothing fails in the cluster. Worth a look: Service/shop/old: "))
        // Beside them something else is wrong, or could not be looked at.
        try cluster.deployment("api", replicas: 1, ready: 0)
        #expect(cluster.conclusion.terminationReason == .inconclusive)
        #expect(!cluster.conclusion.summary.contains("Service/shop/old"))
        var unread = Fixture()
        try unread.service("old")
        unread.completeNamespace()
        unread.edit { $0.unreadable = [Unreadable(what: "Node objects", reason: "Forbidden", message: "no")] }
        #expect(unread.conclusion.terminationReason == .couldNotLook)
    }

    @Test("given replicas that are missing for no known reason, then no cause is invented")
    func inconclusive() throws {
        var cluster = Fixture(subject: subject)
        try cluster.deployment("web", replicas: 2, ready: 1)
        let conclusion = cluster.conclusion
        #expect(conclusion.terminationReason == .inconclusive)
        #expect(conclusion.rootCause == nil)
        #expect(conclusion.summary.contains("1 of 2 replicas are ready"))
    }

    @Test("given a read that was refused and nothing wrong, then it could not look and does not say healthy")
    func couldNotLook() throws {
        var cluster = Fixture(subject: subject)
        cluster.edit { snapshot in
            snapshot.unreadable = [
                Unreadable(what: "Pod objects in namespace shop", reason: "Forbidden", message: "no")
            ]
        }
        let conclusion = cluster.conclusion
        #expect(conclusion.terminationReason == .couldNotLook)
        #expect(conclusion.summary.contains("Pod objects in namespace shop"))
    }

    @Test("given a target that is not there, then it says so; not knowing is not the same", arguments: [true, false])
    func targetNotFound(isKnown: Bool) throws {
        var cluster = Fixture(subject: subject)
        cluster.edit { $0.subjectExists = isKnown ? false : nil }
        #expect(cluster.conclusion.terminationReason == (isKnown ? .targetNotFound : .healthy))
    }

    @Test("given two faults in two workloads, then both are candidates and the more certain one is the root cause")
    func twoFaults() throws {
        var cluster = Fixture()
        try cluster.deployment("web")
        try cluster.deployment("db")
        try cluster.pod("web-1", of: "web", status: Fixture.crashLoop())
        try cluster.pod("db-1", of: "db", status: Fixture.crashLoop(exitCode: 137, reason: "OOMKilled"))
        let conclusion = cluster.conclusion
        #expect(conclusion.candidates.map(\.object.name) == ["db", "web"])
        #expect(conclusion.summary.contains("1 other cause found"))
    }

    @Test("given the same findings in another order, then the ranking is the same")
    func orderDoesNotMatter() throws {
        var cluster = Fixture()
        for name in ["a", "b", "c"] {
            try cluster.deployment(name)
            try cluster.pod("\(name)-1", of: name, status: Fixture.crashLoop())
        }
        let findings = Analyzers.findings(in: cluster.snapshot)
        let forwards = CausalRanking.rank(findings).map(\.object)
        let backwards = CausalRanking.rank(findings.reversed()).map(\.object)
        #expect(forwards == backwards)
        #expect(forwards.map(\.name) == ["a", "b", "c"])
    }

    @Test("given a pod whose ReplicaSet could not be read, then the ReplicaSet is the owner")
    func unknownOwner() throws {
        var cluster = Fixture()
        try cluster.pod("web-1", of: "web", status: Fixture.crashLoop())
        #expect(cluster.conclusion.rootCause?.object.description == "ReplicaSet/shop/web-abc")
    }
}
