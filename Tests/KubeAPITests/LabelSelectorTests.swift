// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite struct LabelSelectorTests {
    private static func selector(_ json: String) throws -> LabelSelector {
        try JSON.decode(LabelSelector.self, from: json)
    }

    @Test(
        "given labels, then each condition means what the API says",
        arguments: [
            (#"{"matchLabels": {"app": "web"}}"#, true), (#"{"matchLabels": {"app": "cart"}}"#, false), ("{}", true),
            (#"{"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "cart"]}]}"#, true),
            (#"{"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}"#, false),
            (#"{"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["web"]}]}"#, true),
            (#"{"matchExpressions": [{"key": "app", "operator": "Exists"}]}"#, true),
            (#"{"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}"#, false),
            (#"{"matchExpressions": [{"key": "size", "operator": "Gt", "values": ["4"]}]}"#, true),
            (#"{"matchExpressions": [{"key": "size", "operator": "Lt", "values": ["5"]}]}"#, false),
            (#"{"matchExpressions": [{"key": "app", "operator": "Near", "values": ["web"]}]}"#, false),
            (#"{"app": "web", "size": "5"}"#, true), (#"{"app": "web", "size": "6"}"#, false),
        ]
    )
    func conditions(json: String, matches: Bool) throws {
        #expect(try Self.selector(json).matches(["app": "web", "size": "5"]) == matches)
    }

    @Test("given a node selector, then one of its terms is enough, and an empty term fits no node")
    func nodeSelector() throws {
        var node = Node(metadata: ObjectMeta(name: "a", labels: ["zone": "eu"]))
        func fits(_ terms: String) throws -> Bool {
            try JSON.decode(NodeSelector.self, from: #"{"nodeSelectorTerms": [\#(terms)]}"#).matches(node)
        }
        let zone = #"{"matchExpressions": [{"key": "zone", "operator": "In", "values": ["eu"]}]}"#
        #expect(try fits(zone))
        #expect(try fits("{}, \(zone)"))
        #expect(try !fits("{}"))
        #expect(try fits(#"{"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["a"]}]}"#))
        node.metadata.name = "b"
        #expect(try !fits(#"{"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["a"]}]}"#))
    }

    @Test("given tolerations, then they are about the taints that the API says")
    func tolerations() throws {
        let taint = try JSON.decode(Taint.self, from: #"{"key": "team", "value": "data", "effect": "NoSchedule"}"#)
        func tolerates(_ json: String) throws -> Bool { try JSON.decode(Toleration.self, from: json).tolerates(taint) }
        #expect(try tolerates(#"{"key": "team", "value": "data"}"#))
        #expect(try tolerates(#"{"operator": "Exists"}"#))
        #expect(try tolerates(#"{"key": "team", "operator": "Exists", "effect": "NoSchedule"}"#))
        #expect(try !tolerates(#"{"key": "team", "value": "web"}"#))
        #expect(try !tolerates(#"{"key": "team", "value": "data", "effect": "NoExecute"}"#))
        #expect(try !tolerates("{}"))
    }
}
