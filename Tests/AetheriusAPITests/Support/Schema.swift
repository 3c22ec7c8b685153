// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// The schema of one kind, as a real API server serves it after having accepted the definition.
struct Schema {
    /// One node of the schema, and where in an object its values are.
    struct Node {
        let path: [JSONPathStep]
        let schema: JSONValue
        let isRequired: Bool
    }

    let root: JSONValue

    static func of(_ resource: APIResource, in cluster: TestCluster) async throws -> Schema {
        let definitions = APIResource(
            group: "apiextensions.k8s.io",
            version: "v1",
            kind: "CustomResourceDefinition",
            plural: "customresourcedefinitions",
            isNamespaced: false
        )
        let definition = try await cluster.client.resources(DynamicObject.self, of: definitions)
            .get("\(resource.plural).\(resource.group)")
        let versions = definition.value.value(at: "spec", "versions")?.arrayValue ?? []
        guard let version = versions.first(where: { $0["name"] == .string(resource.version) }),
            let root = version.value(at: "schema", "openAPIV3Schema")
        else { throw TestClusterError(message: "\(resource.plural) has no schema for \(resource.version)") }
        return Schema(root: root)
    }

    /// The paths of every field: `spec.steps[].name`; a map of free keys ends with its own name.
    var paths: Set<String> {
        func walk(_ schema: JSONValue, _ prefix: String, _ paths: inout Set<String>) {
            for (name, property) in schema["properties"]?.fields ?? [] {
                let path = prefix.isEmpty ? name : "\(prefix).\(name)"
                paths.insert(path)
                walk(property, path, &paths)
            }
            if let items = schema["items"] { walk(items, "\(prefix)[]", &paths) }
        }
        var paths: Set<String> = []
        walk(root, "", &paths)
        return paths
    }

    /// The names of the fields that are maps of free keys.
    var mapPaths: Set<String> {
        func walk(_ schema: JSONValue, _ prefix: String, _ paths: inout Set<String>) {
            if schema["additionalProperties"] != nil { paths.insert(prefix) }
            for (name, property) in schema["properties"]?.fields ?? [] {
                walk(property, prefix.isEmpty ? name : "\(prefix).\(name)", &paths)
            }
            if let items = schema["items"] { walk(items, "\(prefix)[]", &paths) }
        }
        var paths: Set<String> = []
        walk(root, "", &paths)
        return paths
    }

    /// The nodes under a field, with the places where an object has values for them: the first element of each list,
    /// the first entry of each map.
    func nodes(of object: JSONValue, under field: String) -> [Node] {
        var nodes: [Node] = []
        func walk(_ schema: JSONValue, _ path: [JSONPathStep], isRequired: Bool) {
            guard let value = object.value(at: path) else { return }
            nodes.append(Node(path: path, schema: schema, isRequired: isRequired))
            let required = schema["required"]?.arrayValue ?? []
            for (name, property) in schema["properties"]?.fields ?? [] {
                walk(property, path + [.key(name)], isRequired: required.contains(.string(name)))
            }
            if let items = schema["items"] { walk(items, path + [.index(0)], isRequired: false) }
            if let values = schema["additionalProperties"], let key = value.fields.first?.key {
                walk(values, path + [.key(key)], isRequired: false)
            }
        }
        if let schema = root.value(at: "properties", field) { walk(schema, [.key(field)], isRequired: true) }
        return nodes
    }

    /// The words of every enumeration, by the path of its field.
    var enumerations: [String: [String]] {
        func walk(_ schema: JSONValue, _ prefix: String, _ found: inout [String: [String]]) {
            if let words = schema["enum"]?.arrayValue { found[prefix] = words.compactMap(\.stringValue) }
            for (name, property) in schema["properties"]?.fields ?? [] {
                walk(property, prefix.isEmpty ? name : "\(prefix).\(name)", &found)
            }
            if let items = schema["items"] { walk(items, "\(prefix)[]", &found) }
        }
        var found: [String: [String]] = [:]
        walk(root, "", &found)
        return found
    }
}
