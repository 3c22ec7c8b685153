// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// Names an object among those of its kind.
public struct ObjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The namespace; nil for cluster-scoped objects.
    public var namespace: String?
    /// The name.
    public var name: String

    /// Names an object.
    public init(namespace: String? = nil, name: String) {
        // An empty namespace is how the absence of one is written in places.
        self.namespace = namespace?.isEmpty == true ? nil : namespace
        self.name = name
    }

    /// Names the object that the metadata belong to.
    public init(_ metadata: ObjectMeta) { self.init(namespace: metadata.namespace, name: metadata.name) }

    /// Names the object.
    public init(_ object: some KubernetesObject) { self.init(object.metadata) }

    /// `namespace/name`, or just the name.
    public var description: String { namespace.map { "\($0)/\(name)" } ?? name }

    /// Orders by namespace, then by name; cluster-scoped objects come first.
    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        (left.namespace ?? "", left.name) < (right.namespace ?? "", right.name)
    }
}
