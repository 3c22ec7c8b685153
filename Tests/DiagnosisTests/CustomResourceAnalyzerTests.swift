// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import Testing

@Suite("CustomResourceAnalyzer")
struct CustomResourceAnalyzerTests {
    private func cluster(
        _ status: String,
        metadata: String = "",
        name: String = "orders",
        uid: String = "u1"
    ) throws -> Fixture {
        var cluster = Fixture()
        try add(&cluster, status, metadata: metadata, name: name, uid: uid)
        return cluster
    }

    private func add(
        _ cluster: inout Fixture,
        _ status: String,
        metadata: String = "",
        name: String,
        uid: String
    ) throws {
        let object = try JSON.decode(
            CustomObject.self,
            from: """
                {"apiVersion": "example.com/v1", "kind": "Database", "metadata": {"name": "\(name)", "namespace": "shop",
                  "uid": "\(uid)", "generation": 2\(metadata)}, "status": \(status)}
                """
        )
        cluster.edit { $0.customObjects.add([object], coverage: .nothing) }
    }

    private static func condition(
        _ type: String,
        _ status: String,
        _ reason: String = "Why",
        more: String = ""
    ) -> String {
        #"{"type": "\#(type)", "status": "\#(status)", "reason": "\#(reason)", "message": "in words"\#(more)}"#
    }

    @Test(
        "given a condition that says that it is not well, then the object is named, whatever its kind",
        arguments: [
            [condition("Ready", "False")], [condition("Available", "False")], [condition("Degraded", "True")],
            [condition("Ready", "True"), condition("Stalled", "True")], [condition("BackupFailed", "True")],
            [condition("NotReady", "True")], [condition("CatalogSourcesUnhealthy", "True")],
            [condition("AgentReady", "False")], [condition("ReplicasReady", "False")],
            [condition("Synced", "False"), condition("Ready", "True")],
        ]
    )
    func notWell(conditions: [String]) throws {
        let cause = try #require(
            try cluster(#"{"conditions": [\#(conditions.joined(separator: ","))]}"#).conclusion.rootCause
        )
        #expect(cause.causeClass == .customResourceNotReady)
        #expect(cause.object.description == "Database/shop/orders")
        #expect(cause.message.contains("in words"))
    }

    @Test(
        "given a condition that is no fault, then all is well",
        arguments: [
            [condition("Ready", "True")], [condition("Degraded", "False")], [condition("Stalled", "False")],
            [condition("NotReady", "False")], [condition("CatalogSourcesUnhealthy", "False")],
            [condition("ReplicasUnavailable", "False")], [condition("Ready", "Unknown")],
            [condition("Upgradeable", "False")], [condition("Paused", "False")],
            [condition("Ready", "False"), condition("Reconciling", "True")],
            [condition("Ready", "False"), condition("Complete", "True")],
            [condition("Ready", "False", "Suspended")], [condition("Ready", "False", "Halted")],
            [condition("Succeeded", "False", "TaskRunCancelled")],
            [condition("Ready", "False"), condition("Hibernated", "True")],
            [condition("Ready", "False", more: #", "observedGeneration": 1"#)],
        ]
    )
    func well(conditions: [String]) throws {
        let cluster = try cluster(#"{"conditions": [\#(conditions.joined(separator: ","))]}"#)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given something that is under way for too long, then it is a fault after all")
    func underWayForLong() throws {
        let since = Fixture.now.advanced(by: .seconds(-3600))
        let reconciling = Self.condition("Reconciling", "True", more: #", "lastTransitionTime": "\#(since)""#)
        let cluster = try cluster(#"{"conditions": [\#(Self.condition("Ready", "False")), \#(reconciling)]}"#)
        #expect(cluster.conclusion.rootCause?.causeClass == .customResourceNotReady)
    }

    @Test("given a status of an earlier generation, or an object that is going, then nothing follows")
    func stale() throws {
        let bad = #""conditions": [\#(Self.condition("Ready", "False"))]"#
        #expect(try cluster(#"{"observedGeneration": 1, \#(bad)}"#).conclusion.terminationReason == .healthy)
        let going = try cluster(#"{\#(bad)}"#, metadata: #", "deletionTimestamp": "2027-01-15T07:00:00Z""#)
        #expect(going.findings(.customResourceNotReady).isEmpty)
    }

    @Test("given only a phase, then a failed one counts", arguments: [("Failed", true), ("Running", false)])
    func phase(phase: String, isBad: Bool) throws {
        #expect((try cluster(#"{"phase": "\#(phase)"}"#).conclusion.rootCause != nil) == isBad)
    }

    @Test("given an object and one that it owns, both not ready, then the owned one is the cause")
    func owned() throws {
        let status = #"{"conditions": [\#(Self.condition("Ready", "False"))]}"#
        var cluster = try cluster(status)
        try add(
            &cluster,
            status,
            metadata:
                #", "ownerReferences": [{"apiVersion": "example.com/v1", "kind": "Database", "name": "orders", "uid": "u1"}]"#,
            name: "orders-replica",
            uid: "u2"
        )
        #expect(cluster.conclusion.candidates.map(\.object.name) == ["orders-replica"])
    }
}
