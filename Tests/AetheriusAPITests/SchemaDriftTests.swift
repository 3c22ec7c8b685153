// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("The Swift types and the CRDs do not drift apart on a real API server")
struct SchemaDriftTests {
    @Test("given an object with every field, when the server stored it, then nothing is gone", arguments: Sample.all)
    func nothingIsPruned(_ sample: Sample) async throws {
        let cluster = try await Definitions.installed()
        let namespace = sample.resource.isNamespaced ? try await cluster.makeNamespace("drift") : nil
        let objects = cluster.client.resources(DynamicObject.self, of: sample.resource, namespace: namespace)

        let created = try await objects.create(DynamicObject(sample.maximal))
        #expect(created.value["spec"]?.sorted == sample.maximal["spec"]?.sorted)

        var withStatus = created
        withStatus.value["status"] = sample.maximal["status"]
        let updated = try await objects.update(withStatus, subresource: "status")
        #expect(updated.value["status"]?.sorted == sample.maximal["status"]?.sorted)

        let read = try await objects.get(created.metadata.name)
        var expected = read.value
        expected["spec"] = sample.maximal["spec"]
        expected["status"] = sample.maximal["status"]
        #expect(try sample.areEqual(read.value, expected))
        try await objects.delete(created.metadata.name)
    }

    @Test(
        "given the schema, when compared with the maximal object, then each has the other's fields",
        arguments: Sample.all
    )
    func everyFieldIsThere(_ sample: Sample) async throws {
        let schema = try await Schema.of(sample.resource, in: Definitions.installed())
        let maps = schema.mapPaths
        let own = { (path: String) in
            !path.hasPrefix("metadata") && !maps.contains { path.hasPrefix("\($0).") }
        }
        let inSchema = schema.paths.filter(own)
        let inSwift = sample.maximal.fieldPaths().filter(own)
        #expect(inSchema.subtracting(inSwift).sorted() == [], "missing in Swift")
        #expect(inSwift.subtracting(inSchema).sorted() == [], "missing in the definition")
    }

    @Test("given a minimal object, when the server fills in defaults, then Swift does the same", arguments: Sample.all)
    func defaults(_ sample: Sample) async throws {
        let cluster = try await Definitions.installed()
        let namespace = sample.resource.isNamespaced ? try await cluster.makeNamespace("drift") : nil
        let objects = cluster.client.resources(DynamicObject.self, of: sample.resource, namespace: namespace)
        let created = try await objects.create(DynamicObject(sample.minimal))
        let expected = try sample.rewrite(sample.minimal)
        #expect(created.value["spec"]?.sorted == expected["spec"]?.sorted)
        try await objects.delete(created.metadata.name)
    }

    @Test(
        "given an object that nobody has looked at, then its status says so, and kstatus does not take it for current",
        arguments: Sample.all
    )
    func unseen(_ sample: Sample) async throws {
        let cluster = try await Definitions.installed()
        let namespace = sample.resource.isNamespaced ? try await cluster.makeNamespace("drift") : nil
        let objects = cluster.client.resources(DynamicObject.self, of: sample.resource, namespace: namespace)
        var unseen = sample.minimal
        unseen["metadata"] = ["name": "unseen"]
        _ = try await objects.create(DynamicObject(unseen))
        let read = try await objects.get("unseen")
        #expect(read.value["status"] == ["observedGeneration": -1])
        #expect(read.value.value(at: "metadata", "generation") == 1)
        try await objects.delete("unseen")
    }

    @Test("given the schema, when its enumerations are compared with the vocabularies, then both have the same words")
    func enumerations() async throws {
        let cluster = try await Definitions.installed()
        for (resource, expected) in Self.vocabularies {
            let found = try await Schema.of(resource, in: cluster).enumerations
            #expect(Set(found.keys) == Set(expected.keys), "\(resource.kind)")
            for (path, words) in found { #expect(words == expected[path], "\(resource.kind) \(path)") }
        }
    }

    @Test("given the definitions, when read, then name and scope are those of the Swift types", arguments: Sample.all)
    func names(_ sample: Sample) async throws {
        let cluster = try await Definitions.installed()
        let list = try await cluster.client.get(path: "/apis/\(AetheriusGroup.apiVersion)")
        let resources = try JSON.decode(JSONValue.self, from: list)["resources"]?.arrayValue ?? []
        let found = try #require(resources.first { $0["name"] == .string(sample.resource.plural) })
        #expect(found["kind"] == .string(sample.resource.kind))
        #expect(found["namespaced"] == .bool(sample.resource.isNamespaced))
        #expect(resources.contains { $0["name"] == .string("\(sample.resource.plural)/status") })
    }

    @Test("given the examples, when they are created, then they are read as written and nothing is wrong with them")
    func examples() async throws {
        let cluster = try await Definitions.installed()
        try await cluster.kubectl("apply", "-f", RepositoryPaths.examples)
        func check<Object: Resource>(_ type: Object.Type, _ validate: (Object) -> [FieldError]) async throws {
            let objects = try await cluster.client.resources(type, namespace: "default").list().items
            #expect(!objects.isEmpty, "\(Object.apiResource.kind)")
            for object in objects {
                #expect(validate(object) == [], "\(Object.apiResource.kind) \(object.metadata.name)")
                let raw = try await cluster.client
                    .resources(DynamicObject.self, of: Object.apiResource, namespace: "default")
                    .get(object.metadata.name)
                #expect(raw.value["spec"]?.withoutEmptyFields.sorted == object.json["spec"]?.withoutEmptyFields.sorted)
            }
        }
        try await check(DiagnosticTask.self) { $0.validate() }
        try await check(KnowledgeEntry.self) { $0.validate() }
        try await check(ExecutionPlan.self) { $0.validate() }
        let agent = try await cluster.client.resources(ClusterAgent.self).get("edge-1")
        #expect(agent.validate() == [])
        try await cluster.kubectl("delete", "-f", RepositoryPaths.examples)
    }

    private static let conditionStatus = ["True", "False", "Unknown"]

    private static let vocabularies: [APIResource: [String: [String]]] = [
        DiagnosticTask.apiResource: [
            "spec.severity": words(Severity.self),
            "spec.strategy": words(DiagnosticTask.Strategy.self),
            "spec.remediation": words(DiagnosticTask.Remediation.self),
            "spec.origin.type": words(DiagnosticTask.Origin.Source.self),
            "spec.feedback.rating": words(DiagnosticTask.Feedback.Rating.self),
            "status.phase": words(DiagnosticTask.Phase.self),
            "status.agent.findings[].severity": words(Severity.self),
            "status.agent.evidence[].kind": words(DiagnosticTask.EvidenceKind.self),
            "status.diagnosis.strategy": words(DiagnosticTask.Strategy.self).filter { $0 != "Auto" },
            "status.recommendations[].risk": words(DiagnosticTask.Risk.self),
            "status.conditions[].status": conditionStatus,
        ],
        ClusterAgent.apiResource: [
            "spec.mode": words(ClusterAgent.Mode.self),
            "spec.report.events.minSeverity": words(Severity.self),
            "spec.diagnosis.minSeverity": words(Severity.self),
            "spec.agent.tolerations[].operator": words(ClusterAgent.Toleration.Comparison.self),
            "spec.agent.tolerations[].effect": words(ClusterAgent.Toleration.Effect.self),
            "status.phase": words(ClusterAgent.Phase.self),
            "status.agent.unhealthy[].severity": words(Severity.self),
            "status.agent.events.items[].severity": words(Severity.self),
            "status.conditions[].status": conditionStatus,
        ],
        ExecutionPlan.apiResource: [
            "spec.mode": words(ExecutionPlan.Mode.self),
            "spec.steps[].onFailure": words(ExecutionPlan.FailurePolicy.self),
            "spec.approval.decision": words(ExecutionPlan.Approval.Decision.self),
            "status.phase": words(ExecutionPlan.Phase.self),
            "status.steps[].phase": words(ExecutionPlan.StepPhase.self),
            "status.safety[].layer": words(ExecutionPlan.SafetyCheck.Layer.self),
            "status.safety[].verdict": words(ExecutionPlan.SafetyCheck.Verdict.self),
            "status.conditions[].status": conditionStatus,
        ],
        KnowledgeEntry.apiResource: [
            "spec.steps[].onFailure": words(ExecutionPlan.FailurePolicy.self),
            "status.conditions[].status": conditionStatus,
        ],
    ]

    private static func words<Word: Vocabulary>(_ type: Word.Type) -> [String] { Word.known.map(\.rawValue) }
}

extension JSONValue {
    /// The same tree without empty maps and lists, which Swift does not tell from absent ones, nor false from absent.
    fileprivate var withoutEmptyFields: JSONValue {
        guard case .object(let fields) = self else {
            return arrayValue.map { .array($0.map(\.withoutEmptyFields)) } ?? self
        }
        return fields.reduce(into: [:] as JSONValue) { result, field in
            let value = field.value.withoutEmptyFields
            if value != [:], value != [], value != false { result[field.key] = value }
        }
    }
}
