// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import Testing

@Suite("Reading and writing the four kinds")
struct RoundTripTests {
    @Test("given an object with every field, when it is written and read, then it is the same", arguments: Sample.all)
    func roundTrip(_ sample: Sample) throws {
        let again = try sample.rewrite(sample.maximal)
        #expect(again == sample.maximal)
        #expect(try sample.areEqual(again, sample.maximal))
    }

    @Test("given any object, when it is written, then it names its group, version and kind", arguments: Sample.all)
    func identity(_ sample: Sample) {
        #expect(sample.maximal["apiVersion"] == "aetherius.io/v1alpha1")
        #expect(sample.maximal["kind"] == .string(sample.resource.kind))
    }

    @Test("given fields nobody knows, on every level, when it is read, then they are ignored", arguments: Sample.all)
    func unknownFields(_ sample: Sample) throws {
        let extended = sample.maximal.addingUnknownFields()
        #expect(extended != sample.maximal)
        #expect(try sample.areEqual(extended, sample.maximal))
    }

    @Test("given null instead of an absent field, when it is read, then it means the same", arguments: Sample.all)
    func nullFields(_ sample: Sample) throws {
        var nulled = sample.maximal
        for field in sample.maximal["spec"]?.fields.map(\.key) ?? [] {
            nulled["spec"]?[field] = JSONValue.null
        }
        var absent = sample.maximal
        absent["spec"] = [:]
        #expect(try sample.areEqual(nulled, absent))
    }

    @Test("given an object without status, when it is written, then there is none", arguments: Sample.all)
    func emptyStatus(_ sample: Sample) throws {
        #expect(try sample.rewrite(sample.minimal)["status"] == nil)
        var empty = sample.minimal
        empty["status"] = [:]
        #expect(try sample.rewrite(empty)["status"] == nil)
        #expect(try sample.areEqual(sample.minimal, empty))
    }

    @Test("given nothing but an empty object, when it is read, then it is read", arguments: Sample.all)
    func emptyObject(_ sample: Sample) throws {
        let rewritten = try sample.rewrite([:])
        #expect(rewritten["kind"] == .string(sample.resource.kind))
        #expect(rewritten["spec"] != nil)
    }

    @Test("given a field of the wrong type, when it is read, then the object is there and says which field it is")
    func wrongType() throws {
        let broken = Sample.diagnosticTask.maximal.setting(
            "soon",
            at: [.key("spec"), .key("limits"), .key("maxSteps")]
        )
        let task = try JSON.decode(DiagnosticTask.self, from: JSON.encode(broken))
        #expect(task.metadata.name == Maximal.diagnosticTask.metadata.name)
        #expect(task.unreadableSpec?.field == "spec.limits.maxSteps")
    }

    @Test("given references with uid and field path, when they are written, then only what the schema has room for is")
    func trimmedReferences() {
        var reference = Maximal.identified
        reference.fieldPath = "spec.containers{app}"
        var task = Maximal.diagnosticTask
        task.spec.target = reference
        task.status.agent?.findings[0].object = reference
        task.status.diagnosis?.rootCause?.objectRef = reference
        var entry = Maximal.knowledgeEntry
        entry.spec.steps[0].target = reference
        #expect(task.json == Maximal.diagnosticTask.json)
        #expect(entry.json == Maximal.knowledgeEntry.json)
    }
}

extension JSONValue {
    /// The same tree with a field that nobody knows in every object but the maps of free keys.
    fileprivate func addingUnknownFields(under key: String = "") -> JSONValue {
        let maps: Set = [
            "labels", "annotations", "params", "namespaceWeights", "requests", "limits", "nodeSelector", "values",
            "severities",
        ]
        switch self {
        case .object:
            let isMap = maps.contains(key) && self["timeoutSeconds"] == nil
            var copy: JSONValue = isMap ? [:] : ["aFieldOfTomorrow": ["with": [1, "two", nil]]]
            for (name, value) in fields { copy[name] = value.addingUnknownFields(under: name) }
            return copy
        case .array(let elements): return .array(elements.map { $0.addingUnknownFields() })
        default: return self
        }
    }
}
