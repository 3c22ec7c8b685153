// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import Testing

/// One of the four kinds, so that a test can run over all of them.
struct Sample: Sendable, CustomTestStringConvertible {
    let resource: APIResource
    /// The maximal object as Swift writes it.
    let maximal: JSONValue
    /// Reads an object as the kind's Swift type and writes it again.
    let rewrite: @Sendable (JSONValue) throws -> JSONValue
    /// Reads an object as the kind's Swift type and validates it.
    let validate: @Sendable (JSONValue) throws -> [FieldError]
    /// Whether two objects read as equal values of the kind's Swift type.
    let areEqual: @Sendable (JSONValue, JSONValue) throws -> Bool

    private init<Object: Resource & Hashable>(_ object: Object, validate: @escaping @Sendable (Object) -> [FieldError])
    {
        resource = Object.apiResource
        maximal = object.json
        rewrite = { try $0.read(as: Object.self).json }
        self.validate = { validate(try $0.read(as: Object.self)) }
        areEqual = { try $0.read(as: Object.self) == $1.read(as: Object.self) }
    }

    static let diagnosticTask = Sample(Maximal.diagnosticTask) { $0.validate() }
    static let clusterAgent = Sample(Maximal.clusterAgent) { $0.validate() }
    static let executionPlan = Sample(Maximal.executionPlan) { $0.validate() }
    static let knowledgeEntry = Sample(Maximal.knowledgeEntry) { $0.validate() }
    static let all = [diagnosticTask, clusterAgent, executionPlan, knowledgeEntry]

    var testDescription: String { resource.kind }

    /// The smallest object of the kind that the schema allows.
    var minimal: JSONValue {
        let spec: JSONValue =
            switch resource.kind {
            case "ClusterAgent":
                ["mode": "Hosted", "target": ["kubeconfigSecretRef": ["name": "edge-1"]]]
            case "ExecutionPlan":
                ["steps": [["name": "logs", "tool": "kubectl", "action": "get_logs"]]]
            case "KnowledgeEntry": ["title": "t", "content": "c"]
            default: [:]
            }
        return [
            "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind),
            "metadata": ["name": "minimal"], "spec": spec,
        ]
    }
}

extension JSONEncodable {
    /// The value as a tree.
    var json: JSONValue {
        guard let value = try? JSON.decode(JSONValue.self, from: JSON.encode(self)) else { return .null }
        return value
    }
}

extension JSONValue {
    /// Reads the tree as a type.
    func read<Value: JSONDecodable>(as type: Value.Type) throws -> Value {
        try JSON.decode(type, from: JSON.encode(self))
    }
}
