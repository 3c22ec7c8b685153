// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeTesting
import OrderedCollections
import Testing
import YAML

@Suite("The variant of the definitions with CEL rules")
struct RuleVariantTests {
    private static let names = ["clusteragents", "diagnostictasks", "executionplans", "knowledgeentries"]

    private func definition(_ directory: String, _ name: String) throws -> JSONValue {
        let data = try Data(contentsOf: URL(filePath: "\(directory)/\(name).yaml"))
        return try YAML.decode([UInt8](data))
    }

    /// A tree without its rules, and the rules that were in it with the schemas that they are about.
    private func split(_ value: JSONValue) -> (rest: JSONValue, rules: [(rule: String, schema: JSONValue)]) {
        switch value {
        case .array(let elements):
            let parts = elements.map(split)
            return (.array(parts.map(\.rest)), parts.flatMap(\.rules))
        case .object(let fields):
            var rest: JSONValue = [:]
            var rules: [(rule: String, schema: JSONValue)] = []
            for (key, field) in fields {
                if key == "x-kubernetes-validations" {
                    rules += (field.arrayValue ?? []).map { ($0["rule"]?.stringValue ?? "", value) }
                } else {
                    let part = split(field)
                    rest[key] = part.rest
                    rules += part.rules
                }
            }
            return (rest, rules)
        default:
            return (value, [])
        }
    }

    @Test("given the variant, then it is the plain definition and rules, and the plain one has none", arguments: names)
    func sameSchema(name: String) throws {
        let plain = try split(definition(RepositoryPaths.crds, name))
        let variant = try split(definition(RepositoryPaths.crds + "/cel", name))
        #expect(plain.rules.isEmpty)
        #expect(variant.rest == plain.rest)
    }

    @Test("given the rules, then every list that one of them walks is bounded, so that no server refuses its cost")
    func bounded() throws {
        let rules = try Self.names.flatMap { try split(definition(RepositoryPaths.crds + "/cel", $0)).rules }
        #expect(rules.count == 8)
        for (rule, schema) in rules where schema["type"] == "array" {
            #expect((schema["maxItems"]?.integerValue ?? .max) <= 20, "\(rule)")
        }
    }

    @Test("given a rule about something with a default, then the default has every field that the rule asks for")
    func defaultsSatisfyRules() throws {
        let rules = try Self.names.flatMap { try split(definition(RepositoryPaths.crds + "/cel", $0)).rules }
        let defaulted = rules.filter { $0.schema["default"] != nil }
        #expect(!defaulted.isEmpty)
        for (rule, schema) in defaulted {
            // A server evaluates the rule on the default as it stands, and refuses the definition if a field is missing.
            for match in rule.matches(of: /self\.([A-Za-z]+)/) {
                let field = String(match.output.1)
                let value = try #require(schema["default"]?[field], "\(rule): \(field)")
                #expect(schema["properties"]?[field]?["default"] == value)
            }
        }
    }
}
