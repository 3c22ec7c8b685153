// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// A namespace of the shared cluster in which the example works, with the definition of its custom resource.
final class ExampleNamespace: Sendable {
    private static let settingsResource = APIResource(
        group: "example.com",
        version: "v1",
        kind: "Settings",
        plural: "settings"
    )

    let name: String
    /// As any JSON: what the example believes to have written is not the measure.
    let settings: ResourceClient<DynamicObject>
    let configMaps: ResourceClient<ConfigMap>
    let events: ResourceClient<Event>
    let leases: ResourceClient<Lease>
    private let cluster: TestCluster
    private let overlay: String

    init() async throws {
        cluster = try await TestCluster.shared()
        name = try await cluster.makeNamespace("example")
        try await cluster.installDefinitions(from: RepositoryPaths.examples + "/config-map-operator/crd.yaml")
        let client = cluster.client
        settings = client.resources(DynamicObject.self, of: Self.settingsResource, namespace: name)
        configMaps = client.resources(ConfigMap.self, namespace: name)
        events = client.resources(Event.self, namespace: name)
        leases = client.resources(Lease.self, namespace: name)
        // The first file of a list decides on the context, and the context on the namespace.
        overlay = FileManager.default.temporaryDirectory.path + "/\(name).kubeconfig"
        let context = """
            apiVersion: v1
            kind: Config
            current-context: example
            contexts: [{name: example, context: {cluster: aetherius-local, user: admin, namespace: \(name)}}]

            """
        try context.write(toFile: overlay, atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: overlay) }

    /// Starts the example.
    func launch() -> ProgramUnderTest {
        ProgramUnderTest("ConfigMapOperator", [], environment: ["KUBECONFIG": "\(overlay):\(cluster.kubeconfig)"])
    }

    /// Creates a Settings object.
    @discardableResult
    func create(_ name: String, data: [String: String]) async throws -> DynamicObject {
        let data = try JSON.decode(JSONValue.self, from: JSON.encode(data))
        return try await settings.create(
            DynamicObject([
                "apiVersion": "example.com/v1", "kind": "Settings", "metadata": ["name": .string(name)],
                "spec": ["data": data],
            ])
        )
    }

    /// Waits until the ConfigMap holds exactly this.
    @discardableResult
    func waitForConfigMap(_ name: String, data: [String: String]) async throws -> ConfigMap {
        try await configMaps.wait(for: name) { $0.data == data }
    }

    /// Waits until the object's condition Ready has this status, for the present generation of the spec.
    @discardableResult
    func waitForReady(_ name: String, _ status: String) async throws -> ReadyCondition {
        let object = try await settings.wait(for: name) { object in
            ReadyCondition(object)?.status == status
                && object.value.value(at: "status", "observedGeneration")?.integerValue == object.metadata.generation
        }
        return ReadyCondition(object) ?? ReadyCondition()
    }
}

/// The condition Ready of an object, as its JSON has it.
struct ReadyCondition {
    var status = ""
    var reason = ""
    var message = ""
    var lastTransitionTime = ""

    init() {}

    init?(_ object: DynamicObject) {
        let conditions = object.value.value(at: "status", "conditions")?.arrayValue ?? []
        guard let ready = conditions.first(where: { $0["type"]?.stringValue == "Ready" }) else { return nil }
        status = ready["status"]?.stringValue ?? ""
        reason = ready["reason"]?.stringValue ?? ""
        message = ready["message"]?.stringValue ?? ""
        lastTransitionTime = ready["lastTransitionTime"]?.stringValue ?? ""
    }
}
