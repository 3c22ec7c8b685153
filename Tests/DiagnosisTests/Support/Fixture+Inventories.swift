// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI

extension Fixture {
    /// Adds an object to one of the inventories.
    /// - Parameters:
    ///   - inventory: which, such as `\.services`.
    ///   - name: the object's name; it is in namespace `shop`, unless its kind is cluster-scoped.
    ///   - labels: its labels.
    ///   - json: its other fields as the API has them, without the outer braces, such as `"spec": {…}`.
    mutating func add<Object: Resource>(
        _ inventory: WritableKeyPath<Snapshot, Inventory<Object>>,
        _ name: String,
        labels: [String: String] = [:],
        _ json: String = #""spec": {}"#
    ) throws {
        var object = try JSON.decode(Object.self, from: "{\(json)}")
        object.metadata.name = name
        object.metadata.namespace = Object.apiResource.isNamespaced ? "shop" : nil
        object.metadata.labels = labels
        edit { $0[keyPath: inventory].add([object], coverage: .nothing) }
    }

    /// Says that what is in an inventory is all that there is in the cluster.
    mutating func complete<Object: Resource>(_ inventory: WritableKeyPath<Snapshot, Inventory<Object>>) {
        edit { $0[keyPath: inventory].add([], coverage: .everything) }
    }

    /// Says that an inventory could not be read.
    mutating func refuse<Object: Resource>(_ inventory: WritableKeyPath<Snapshot, Inventory<Object>>) {
        edit {
            $0[keyPath: inventory]
                .add(gap: Unreadable(what: Object.apiResource.plural, reason: "Forbidden", message: "not allowed"))
        }
    }

    /// Says that all pods, workloads and events of namespace `shop` were seen.
    mutating func completeNamespace() {
        edit { snapshot in
            for kind in ["Pod", "Event"] + Workload.kinds.map(\.kind) {
                snapshot.coverage[kind] = .namespaces(["shop"])
            }
        }
    }

    /// Adds an alert.
    mutating func alert(_ name: String, labels: [String: String] = [:], _ description: String = "") {
        edit {
            $0.alerts.append(
                Alert(
                    labels: labels.merging(["alertname": name]) { own, _ in own },
                    annotations: description.isEmpty ? [:] : ["description": description],
                    startsAt: Self.now
                )
            )
        }
    }
}
