// SPDX-License-Identifier: Apache-2.0
public import JSON

/// One kind of object as a server serves it: its group, version, kind, plural name and scope.
///
/// It holds what discovery's `APIResource` holds and what a request needs to find the right URL.
public struct APIResource: Sendable, Hashable {
    /// The API group; empty for the core group.
    public var group: String
    /// The version, such as `v1`.
    public var version: String
    /// The kind, such as `Deployment`.
    public var kind: String
    /// The plural name in URLs, such as `deployments`.
    public var plural: String
    /// Whether objects live in namespaces.
    public var isNamespaced: Bool

    /// Creates the description of a kind.
    public init(group: String, version: String, kind: String, plural: String, isNamespaced: Bool = true) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    /// The group and version as objects carry them: `v1` for the core group, else `apps/v1`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The path of the collection, or of one object in it.
    /// - Parameters:
    ///   - namespace: the namespace; nil for all namespaces. Ignored for kinds that have none.
    ///   - name: the object's name; nil for the collection.
    ///   - subresource: such as `status` or `log`.
    public func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace { path += "/namespaces/\(namespace)" }
        path += "/\(plural)"
        if let name { path += "/\(name)" }
        if let subresource { path += "/\(subresource)" }
        return path
    }
}

/// A Kubernetes object that can be read and written.
public protocol KubernetesObject: JSONDecodable, JSONEncodable, Sendable {
    /// The object's name, labels and so on.
    var metadata: ObjectMeta { get set }
}

/// A Kubernetes object whose kind is known when compiling.
public protocol Resource: KubernetesObject {
    /// The kind that the type stands for.
    static var apiResource: APIResource { get }
}
