// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite(.timeLimit(.minutes(5)))
struct KstatusTests {
    private struct Example {
        var kind: String
        var spec: JSONValue
        /// The reason of the condition `Ready` in the state that is meant.
        var reason: String
        var expected: Kstatus
    }

    private static let target: JSONValue = ["apiVersion": "v1", "kind": "Pod", "name": "nowhere"]

    private static let examples = [
        Example(kind: "DiagnosticTask", spec: ["target": target], reason: "RootCauseFound|.*", expected: .current),
        Example(
            kind: "DiagnosticTask",
            spec: ["target": target, "clusterRef": ["name": "elsewhere"]],
            reason: "ClusterNotFound",
            expected: .inProgress
        ),
        Example(
            kind: "DiagnosticTask",
            spec: ["target": ["apiVersion": "v1", "kind": "Pod", "namespace": "kube-system", "name": "a"]],
            reason: "Forbidden",
            expected: .failed
        ),
        Example(
            kind: "DiagnosticTask",
            spec: ["target": ["apiVersion": "v1", "kind": "Nonsense", "name": "a"]],
            reason: "UnsupportedTarget",
            expected: .failed
        ),
        Example(kind: "DiagnosticTask", spec: ["cancel": true], reason: "Cancelled", expected: .failed),
        Example(
            kind: "KnowledgeEntry",
            spec: ["title": "A title", "content": "Some content."],
            reason: "Unsupported",
            expected: .failed
        ),
        Example(
            kind: "ClusterAgent",
            spec: ["mode": "Local"],
            reason: "Duplicate",
            expected: .failed
        ),
    ]

    private func resource(_ kind: String) throws -> APIResource {
        let all = [
            DiagnosticTask.apiResource, KnowledgeEntry.apiResource, ClusterAgent.apiResource, ExecutionPlan.apiResource,
        ]
        return try #require(all.first { $0.kind == kind })
    }

    /// An object as the server has it, once its status speaks of what is meant.
    private func settled(
        _ name: String,
        _ resource: APIResource,
        in namespace: String,
        _ reason: String
    ) async throws
        -> JSONValue
    {
        let cluster = try await RunningOperator.shared()
        let objects = cluster.client.resources(
            DynamicObject.self,
            of: resource,
            namespace: resource.isNamespaced ? namespace : nil
        )
        let pattern = try Regex(reason)
        let object = try await objects.wait(for: name) { object in
            let value = try JSON.decode(JSONValue.self, from: JSON.encode(object))
            let conditions = value.value(at: "status", "conditions")?.arrayValue ?? []
            let ready = conditions.first { $0["type"] == "Ready" }?["reason"]?.stringValue ?? ""
            let isTransient = ready == "Scheduled" || ready == "Running" || ready.isEmpty
            return !isTransient && ready.wholeMatch(of: pattern) != nil
                && value.value(at: "status", "observedGeneration") == value.value(at: "metadata", "generation")
        }
        return try JSON.decode(JSONValue.self, from: JSON.encode(object))
    }

    @Test("given objects in every state that lasts, then kstatus makes of them what is documented")
    func states() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        for (index, example) in Self.examples.enumerated() {
            let resource = try resource(example.kind)
            let name = "state-\(index)-\(namespace)"
            let manifest: JSONValue = [
                "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind),
                "metadata": ["name": .string(name), "namespace": resource.isNamespaced ? .string(namespace) : .null],
                "spec": example.spec,
            ]
            try await cluster.kubectl(
                "create",
                "-f",
                "-",
                input: String(decoding: JSON.encode(manifest), as: UTF8.self)
            )
            let object = try await settled(name, resource, in: namespace, example.reason)
            #expect(Kstatus(of: object) == example.expected, "\(example.kind) \(example.reason)")
            if !resource.isNamespaced { try await cluster.kubectl("delete", "clusteragent", name) }
        }
        let local = try await settled("local", try resource("ClusterAgent"), in: namespace, "Online")
        #expect(Kstatus(of: local) == .current)
    }

    @Test("given a finished task of which something changes that is no question, then it stays finished, and current")
    func acknowledgement() async throws {
        let cluster = try await RunningOperator.shared()
        let namespace = try await cluster.makeNamespace()
        let task = try await cluster.end(of: try await cluster.ask(about: "missing", in: namespace))
        let change: JSONValue = ["spec": ["ttlSecondsAfterFinished": 3600]]
        let changed = try await cluster.tasks(in: namespace).patch(task.metadata.name, .merge(change))
        #expect(changed.metadata.generation == 2)
        let seen = try await cluster.tasks(in: namespace).wait(for: task.metadata.name) {
            $0.status.observedGeneration == 2
        }
        #expect(seen.status.completedAt == task.status.completedAt)
        #expect(seen.status.inputHash == task.status.inputHash)
        #expect(seen.status.diagnosis == task.status.diagnosis)
        #expect(seen.status.conditions.allSatisfy { $0.observedGeneration == 2 })
        #expect(seen.status.attempts == 1)
    }
}
