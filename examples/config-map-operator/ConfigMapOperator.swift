// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

/// The custom resource: data that a ConfigMap of the same name is to hold.
struct Settings: Resource, JSONRecord {
    static let apiResource = APIResource(group: "example.com", version: "v1", kind: "Settings", plural: "settings")
    static let fields = [Field("metadata", \.metadata), Field("spec", \.spec), Field("status", \.status)]
    var metadata = ObjectMeta()
    var spec = Spec()
    var status = ConditionedStatus()

    struct Spec: JSONRecord {
        static let fields = [Field("data", \.data)]
        var data: [String: String] = [:]
    }
}

/// Brings the ConfigMap of one Settings object in line with it.
struct SettingsReconciler: Reconciler {
    let client: KubernetesClient
    let settings: Store<Settings>
    let maps: Store<ConfigMap>
    let events: EventRecorder

    func reconcile(_ request: ObjectKey) async throws -> ReconcileResult {
        // The garbage collector deletes the ConfigMap of an object that is gone.
        guard let owner = settings[request], owner.metadata.deletionTimestamp == nil else { return .done }
        let metadata = ObjectMeta(name: request.name, ownerReferences: [OwnerReference(controller: owner)])
        var ready = Condition(type: "Ready", status: .true, reason: "Applied", message: "The ConfigMap is up to date")
        let found = maps[request]
        do throws(KubeError) {
            if let found, found.metadata.controllerReference?.uid != owner.metadata.uid {
                throw KubeError(code: .invalid, message: "somebody else's ConfigMap has this name")
            }
            let stored = try await client.resources(ConfigMap.self, namespace: request.namespace)
                .apply(ConfigMap(metadata: metadata, data: owner.spec.data), fieldManager: "settings-operator")
            if stored.metadata.resourceVersion != found?.metadata.resourceVersion {
                events.record(.normal, reason: ready.reason, message: ready.message, about: owner)
            }
        } catch {
            guard error.code == .invalid else { throw error }  // anything else may pass, so it is tried again
            ready = Condition(type: "Ready", status: .false, reason: "Refused", message: error.message)
            events.record(.warning, reason: ready.reason, message: ready.message, about: owner)
        }
        let status = StatusWriter<Settings>(client: client, fieldManager: "settings-operator")
        try await status.apply([ready], to: owner, current: \.status)
        return .done
    }
}

@main
struct ConfigMapOperator {
    static func main() async throws {
        let logger = Logger(label: "settings-operator")
        let client = try KubernetesClient(configuration: .load())
        let namespace = client.configuration.namespace
        let settings = Informer(client.resources(Settings.self, namespace: namespace), logger: logger)
        let maps = Informer(client.resources(ConfigMap.self, namespace: namespace), logger: logger)
        let events = EventRecorder(sink: client, component: "settings-operator", logger: logger)
        let controller = Controller(
            "settings",
            reconciler: SettingsReconciler(client: client, settings: settings.store, maps: maps.store, events: events),
            sources: [.for(settings, where: .generationChanged), .watches(maps) { [ObjectKey($0)] }],
            logger: logger
        )
        let elector = try LeaderElector("settings-operator", client: client, logger: logger)
        try await Manager(
            leaderElector: elector,
            services: [events],
            informers: [settings, maps],
            controllers: [controller],
            logger: logger
        ).run()
    }
}
