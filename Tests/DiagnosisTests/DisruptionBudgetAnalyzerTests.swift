// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("DisruptionBudgetAnalyzer")
struct DisruptionBudgetAnalyzerTests {
    private func cluster(cordoned: Bool, healthy: Int = 1, allowed: Int = 0) throws -> Fixture {
        var cluster = Fixture()
        try cluster.app("cart")
        cluster.edit { $0.pods[0].spec.nodeName = "node-1" }
        try budget("cart", &cluster, healthy: healthy, allowed: allowed)
        try cluster.add(\.nodes, "node-1", #""spec": {"unschedulable": \#(cordoned)}, "status": {}"#)
        cluster.completeNamespace()
        return cluster
    }

    private func budget(_ name: String, _ cluster: inout Fixture, healthy: Int = 1, allowed: Int = 0) throws {
        try cluster.add(
            \.podDisruptionBudgets,
            name,
            """
            "spec": {"selector": {"matchLabels": {"app": "cart"}}, "minAvailable": 1},
            "status": {"disruptionsAllowed": \(allowed), "currentHealthy": \(healthy), "desiredHealthy": 1,
              "expectedPods": 1, "observedGeneration": 1}
            """
        )
    }

    @Test("given a budget that never lets a pod go, and a node that is being drained, then it is the cause")
    func drained() throws {
        let cause = try #require(try cluster(cordoned: true).conclusion.rootCause)
        #expect(cause.causeClass == .disruptionBudgetBlocksEviction)
        #expect(cause.object.description == "PodDisruptionBudget/shop/cart")
    }

    @Test("given no drain, then it is a candidate and not the answer")
    func notDrained() throws {
        let conclusion = try cluster(cordoned: false).conclusion
        #expect(conclusion.rootCause == nil)
        #expect(conclusion.candidates.map(\.causeClass) == [.disruptionBudgetBlocksEviction])
    }

    @Test("given pods that are not well, or an eviction that is allowed, then the budget is not at fault")
    func notTight() throws {
        #expect(try cluster(cordoned: true, healthy: 0).findings(.disruptionBudgetBlocksEviction).isEmpty)
        #expect(try cluster(cordoned: true, allowed: 1).findings(.disruptionBudgetBlocksEviction).isEmpty)
    }

    @Test("given two budgets of one pod, then none of them lets it go")
    func overlap() throws {
        var cluster = try cluster(cordoned: true, allowed: 1)
        #expect(cluster.findings(.disruptionBudgetOverlap).isEmpty)
        try budget("all", &cluster, allowed: 1)
        #expect(cluster.conclusion.rootCause?.causeClass == .disruptionBudgetOverlap)
    }

    @Test("given a controller that cannot count the pods, then it says so")
    func syncFailed() throws {
        var cluster = Fixture()
        try cluster.add(
            \.podDisruptionBudgets,
            "cart",
            """
            "spec": {"minAvailable": "50%"}, "status": {"conditions": [{"type": "DisruptionAllowed",
              "status": "False", "reason": "SyncFailed", "message": "found no controllers for pod"}]}
            """
        )
        #expect(cluster.conclusion.rootCause?.causeClass == .disruptionBudgetSyncFailed)
    }
}
