// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("validate() and the schema agree on every rule of every field")
struct SchemaRulesTests {
    /// The parts of an object that `validate` looks at.
    private static func fields(_ sample: Sample) -> [String] {
        sample.resource == ClusterAgent.apiResource ? ["metadata", "spec"] : ["spec"]
    }

    private static func nodes(_ sample: Sample) async throws -> [Schema.Node] {
        let schema = try await Schema.of(sample.resource, in: Definitions.installed())
        return fields(sample).flatMap { schema.nodes(of: sample.maximal, under: $0) }
    }

    @Test("given values around a bound or pattern, when validated, then as the schema says", arguments: Sample.all)
    func values(_ sample: Sample) async throws {
        var probed = 0
        for node in try await Self.nodes(sample) {
            for probe in node.probes {
                guard let isAllowed = try node.allows(probe), !Self.isAbsence(probe, node) else { continue }
                let errors = try sample.validate(sample.maximal.setting(probe, at: node.path))
                let isAccepted = !errors.contains { $0.field == node.path.text }
                #expect(isAccepted == isAllowed, "\(node.path.text) = \(JSON.text(probe))")
                probed += 1
            }
        }
        #expect(probed > 100)
    }

    /// In a reference an empty part is the same to Swift as one that is not there.
    private static func isAbsence(_ probe: JSONValue, _ node: Schema.Node) -> Bool {
        probe == "" && node.path.contains(.key("target")) && node.path.last != .key("key")
            && !node.path.contains(.key("kubeconfigSecretRef"))
    }

    @Test("given sizes around a bound, when validated, then as the schema says", arguments: Sample.all)
    func sizes(_ sample: Sample) async throws {
        for node in try await Self.nodes(sample) {
            let isMap = node.schema["type"] == "object"
            let bounds = ["minItems", "maxItems", "maxProperties"].compactMap { node.schema[$0]?.integerValue }
            for size in bounds.flatMap({ [$0 - 1, $0, $0 + 1] }) where size >= 0 {
                let resized = try #require(sample.maximal.value(at: node.path)?.resized(to: Int(size)))
                let errors = try sample.validate(sample.maximal.setting(resized, at: node.path))
                let least = node.schema["minItems"]?.integerValue ?? 0
                let most = node.schema[isMap ? "maxProperties" : "maxItems"]?.integerValue ?? .max
                let isAccepted = !errors.contains { $0.field == node.path.text }
                #expect(isAccepted == (least...most).contains(size), "\(node.path.text) with \(size)")
            }
        }
    }

    @Test("given no value for a required field, when validated, then the field is named", arguments: Sample.all)
    func requiredFields(_ sample: Sample) async throws {
        for node in try await Self.nodes(sample) where node.isRequired && node.path.count > 1 {
            let errors = try sample.validate(sample.maximal.setting(nil, at: node.path))
            #expect(errors.contains { $0.field == node.path.text }, "without \(node.path.text)")
        }
    }

    @Test("given values the schema refuses, when the server is asked, then it refuses them", arguments: Sample.all)
    func serverAgrees(_ sample: Sample) async throws {
        let cluster = try await Definitions.installed()
        let namespace = sample.resource.isNamespaced ? try await cluster.makeNamespace("rules") : nil
        let objects = cluster.client.resources(DynamicObject.self, of: sample.resource, namespace: namespace)
        // The bounds say it all; the texts of many shapes are left to the test that needs no server.
        for node in try await Self.nodes(sample) where node.path.first == .key("spec") {
            for probe in node.probes where !Self.isShape(probe) {
                guard let isAllowed = try node.allows(probe), !isAllowed else { continue }
                let object = DynamicObject(sample.maximal.setting(probe, at: node.path))
                let refused = await #expect(throws: KubeError.self, "\(node.path.text) = \(JSON.text(probe))") {
                    try await objects.create(object)
                }
                let fields = refused?.status?.causes.map(\.field) ?? []
                #expect(refused?.code == .invalid && !fields.isEmpty, "\(node.path.text)")
            }
        }
    }

    private static func isShape(_ probe: JSONValue) -> Bool { probe.stringValue.map { $0.utf8.count < 30 } ?? false }
}

extension JSON {
    /// The beginning of a value as text, for messages.
    fileprivate static func text(_ value: JSONValue) -> String {
        String(decoding: encode(value).prefix(80), as: UTF8.self)
    }
}

extension JSONValue {
    /// A list or map with so many elements, each like the first.
    fileprivate func resized(to count: Int) -> JSONValue? {
        switch self {
        case .array(let elements):
            return elements.first.map { .array(Array(repeating: $0, count: count)) }
        case .object:
            guard let first = fields.first?.value else { return nil }
            return (0..<count).reduce(into: [:] as JSONValue) { $0["key-\($1)"] = first }
        default: return nil
        }
    }
}
