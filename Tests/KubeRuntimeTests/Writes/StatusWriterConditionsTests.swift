// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Testing

@Suite("Conditions by server-side apply on a real API server", .timeLimit(.minutes(5)))
struct StatusWriterConditionsTests {
    /// The kind of the example, of which only the status counts here.
    private struct Settings: Resource, JSONRecord {
        static let apiResource = APIResource(group: "example.com", version: "v1", kind: "Settings", plural: "settings")
        static let fields = [Field("metadata", \.metadata), Field("spec", \.spec), Field("status", \.status)]
        var metadata = ObjectMeta()
        var spec: JSONValue = ["data": [:]]
        var status: ConditionedStatus?
    }

    private static let past = Timestamp(seconds: 1_767_323_045)

    private func make() async throws -> (KubernetesClient, ResourceClient<Settings>, Settings) {
        let cluster = try await TestCluster.shared()
        let definition = RepositoryPaths.examples + "/config-map-operator/crd.yaml"
        try await cluster.installDefinitions(from: definition)
        let objects = cluster.client.resources(Settings.self, namespace: try await cluster.makeNamespace())
        return (cluster.client, objects, try await objects.create(Settings(metadata: ObjectMeta(name: "a"))))
    }

    private func condition(_ type: String, _ status: Condition.Value, message: String = "") -> Condition {
        Condition(type: type, status: status, reason: "Test", message: message)
    }

    @Test(
        "given conditions, then they are stored with the generation, once, and a time that moves with the status only"
    )
    func transitions() async throws {
        let (client, _, object) = try await make()
        let writer = StatusWriter<Settings>(client: client, fieldManager: "one")
        let first = try await writer.apply([condition("Ready", .false)], to: object, current: \.status, at: Self.past)
        #expect(first.status?.observedGeneration == 1)
        #expect(first.status?.conditions["Ready"]?.lastTransitionTime == Self.past)

        let same = try await writer.apply([condition("Ready", .false)], to: first, current: \.status)
        #expect(same.metadata.resourceVersion == first.metadata.resourceVersion)
        let reworded = condition("Ready", .false, message: "still")
        let second = try await writer.apply([reworded], to: first, current: \.status)
        #expect(second.status?.conditions["Ready"]?.message == "still")
        #expect(second.status?.conditions["Ready"]?.lastTransitionTime == Self.past)
        let third = try await writer.apply([condition("Ready", .true)], to: second, current: \.status)
        let moved = try #require(third.status?.conditions["Ready"]?.lastTransitionTime)
        #expect(moved > Self.past)
    }

    @Test("given conditions of another manager, then they stay as they are and stay the other's")
    func others() async throws {
        let (client, objects, object) = try await make()
        let one = StatusWriter<Settings>(client: client, fieldManager: "one")
        let two = StatusWriter<Settings>(client: client, fieldManager: "two")
        let pair = [condition("Ready", .true), condition("Stalled", .false)]
        let first = try await one.apply(pair, to: object, takesOver: false, current: \.status)
        let mine = condition("Checked", .true)
        let second = try await two.apply([mine], to: first, takesOver: false, current: \.status)
        #expect(second.status?.conditions.map(\.type).sorted() == ["Checked", "Ready", "Stalled"])

        // What the first leaves out goes; had the second applied all that it saw, it would have kept it.
        let third = try await one.apply([condition("Ready", .false)], to: second, takesOver: false, current: \.status)
        #expect(third.status?.conditions.map(\.type).sorted() == ["Checked", "Ready"])
        let error = await #expect(throws: KubeError.self) {
            try await two.apply([self.condition("Ready", .unknown)], to: third, takesOver: false, current: \.status)
        }
        #expect(error?.code == .conflict && error?.fieldConflicts.first?.manager == "one")
        #expect(try await objects.get("a").status?.conditions.isTrue("Checked") == true)
    }

    @Test("given the spec has changed since the object was looked at, then the generation that was seen is written")
    func olderGeneration() async throws {
        let (client, objects, object) = try await make()
        let changed = try await objects.patch("a", .merge(["spec": ["data": ["k": "v"]]] as JSONValue))
        #expect(changed.metadata.generation == 2)
        let writer = StatusWriter<Settings>(client: client, fieldManager: "one")
        let written = try await writer.apply([condition("Ready", .true)], to: object, current: \.status)
        #expect(written.status?.observedGeneration == 1 && written.metadata.generation == 2)
    }
}
