// SPDX-License-Identifier: Apache-2.0

/// How far absence can be concluded from a list of objects.
public enum Coverage: Sendable, Hashable {
    /// Not at all: nobody has looked, could not look, or saw a part only.
    case nothing
    /// In these namespaces.
    case namespaces(Set<String>)
    /// Everywhere.
    case everything

    /// Whether a namespace was seen whole; nil or empty for all of the cluster.
    public func includes(_ namespace: String?) -> Bool {
        switch self {
        case .nothing: false
        case .namespaces(let names): namespace.map { !$0.isEmpty && names.contains($0) } ?? false
        case .everything: true
        }
    }

    /// What two lists cover together.
    public func union(_ other: Coverage) -> Coverage {
        switch (self, other) {
        case (.everything, _), (_, .everything): .everything
        case (.nothing, let one), (let one, .nothing): one
        case (.namespaces(let left), .namespaces(let right)): .namespaces(left.union(right))
        }
    }
}
