// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// A kind of object that a server serves, with what its discovery says about it.
public struct DiscoveredResource: Sendable, Hashable {
    /// What a request needs.
    public var resource: APIResource
    /// The name of one object in commands, such as `deployment`.
    public var singular: String
    /// Such as `deploy`.
    public var shortNames: [String]
    /// Such as `all`.
    public var categories: [String]
    /// What can be done, such as `get`, `list`, `watch`, `patch`.
    public var verbs: [String]
    /// Such as `status` and `scale`.
    public var subresources: [String]
    /// Whether this is the version of its group that the server prefers.
    public var isPreferred: Bool

    /// Creates a description.
    public init(
        resource: APIResource,
        singular: String = "",
        shortNames: [String] = [],
        categories: [String] = [],
        verbs: [String] = [],
        subresources: [String] = [],
        isPreferred: Bool = true
    ) {
        self.resource = resource
        self.singular = singular
        self.shortNames = shortNames
        self.categories = categories
        self.verbs = verbs
        self.subresources = subresources
        self.isPreferred = isPreferred
    }
}
