// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// A way to find the objects of a ``Store`` by something other than their names.
///
/// ```swift
/// let byNode = Index<Pod>("node") { pod in pod.nodeName.map { [$0] } ?? [] }
/// ```
public struct Index<Object: KubernetesObject>: Sendable {
    /// The name, unique within a store.
    public let name: String
    /// The values under which an object is found: none, one or several.
    ///
    /// Must depend on the object only.
    public let values: @Sendable (Object) -> [String]

    /// Creates an index.
    public init(_ name: String, values: @escaping @Sendable (Object) -> [String]) {
        self.name = name
        self.values = values
    }

    /// Finds objects by namespace; cluster-scoped ones are under the empty string.
    public static var namespace: Index { Index("namespace") { [$0.metadata.namespace ?? ""] } }

    /// Finds objects by the UID of their controller.
    public static var controllerUID: Index {
        Index("controllerUID") { object in object.metadata.controllerReference.map { [$0.uid] } ?? [] }
    }
}

/// The buckets of one index.
struct IndexBuckets<Object: KubernetesObject>: Sendable {
    let index: Index<Object>
    private(set) var buckets: [String: Set<ObjectKey>] = [:]

    init(_ index: Index<Object>) { self.index = index }

    mutating func update(_ key: ObjectKey, old: Object?, new: Object?) {
        let oldValues = old.map(index.values) ?? []
        let newValues = new.map(index.values) ?? []
        if oldValues == newValues { return }
        for value in oldValues where !newValues.contains(value) {
            buckets[value]?.remove(key)
            // An empty bucket would stay for ever where values come and go.
            if buckets[value]?.isEmpty == true { buckets[value] = nil }
        }
        for value in newValues { buckets[value, default: []].insert(key) }
    }
}
