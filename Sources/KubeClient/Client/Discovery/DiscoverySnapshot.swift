// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// What a server served at one moment.
public struct DiscoverySnapshot: Sendable {
    /// A group version whose kinds could not be read, or may be out of date.
    public struct Failure: Sendable {
        /// Such as `metrics.k8s.io/v1beta1`.
        public var apiVersion: String
        /// Why.
        public var error: KubeError
    }

    /// All kinds: the core group first, then groups and versions in the server's order, the preferred version of a
    /// group first.
    public var resources: [DiscoveredResource] = []
    /// What is missing or old, usually because the server behind an aggregated API is away.
    public var failures: [Failure] = []

    /// The kind that objects name by their `apiVersion` and `kind`, exactly.
    public func resource(apiVersion: String, kind: String) -> DiscoveredResource? {
        resources.first { $0.resource.apiVersion == apiVersion && $0.resource.kind == kind }
    }

    /// The kind that people mean by a word, in capital or small letters.
    ///
    /// The word is the plural, singular or short name or the kind, alone or followed by the group
    /// (`deployments.apps`) or by version and group (`deployments.v1.apps`). If several fit, a plural name goes before
    /// a singular one, that before a short name, and that before a kind; then the server's order decides.
    public func resource(named word: String) -> DiscoveredResource? {
        let word = word.lowercased()
        guard let dot = word.firstIndex(of: ".") else { return match(word) { _ in true } }
        let name = String(word[..<dot])
        let rest = String(word[word.index(after: dot)...])
        if let found = match(name, where: { $0.group == rest }) { return found }
        let version = String(rest.prefix { $0 != "." })
        let group = String(rest.dropFirst(version.count + 1))
        return match(name) { $0.group == group && $0.version == version }
    }

    /// The kinds of a category such as `all`, in their preferred version.
    public func resources(category: String) -> [DiscoveredResource] {
        let category = category.lowercased()
        return resources.filter { $0.isPreferred && $0.categories.contains(category) }
    }

    private func match(_ name: String, where fits: (APIResource) -> Bool) -> DiscoveredResource? {
        // Older servers leave the singular name empty.
        guard !name.isEmpty else { return nil }
        // A preferred version goes before an older one of another group that stands earlier in the list.
        let candidates = resources.filter { fits($0.resource) }
        let ordered = candidates.filter(\.isPreferred) + candidates.filter { !$0.isPreferred }
        return ordered.first { $0.resource.plural == name }
            ?? ordered.first { $0.singular == name }
            ?? ordered.first { $0.shortNames.contains(name) }
            ?? ordered.first { $0.resource.kind.lowercased() == name }
    }
}
