// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// Decides which events are worth a reconciliation.
///
/// ```swift
/// .for(webs, where: .generationChanged.or(.labelsChanged))
/// ```
public struct Predicate<Object: KubernetesObject>: Sendable {
    private let matches: @Sendable (InformerEvent<Object>) -> Bool

    /// Wraps a function.
    public init(_ matches: @escaping @Sendable (InformerEvent<Object>) -> Bool) { self.matches = matches }

    /// Whether the event is worth it.
    public func callAsFunction(_ event: InformerEvent<Object>) -> Bool { matches(event) }

    /// Every event.
    public static var always: Predicate { Predicate { _ in true } }

    /// Updates for which the function says yes, and all other events.
    public static func updates(
        _ matches: @escaping @Sendable (_ old: Object, _ new: Object) -> Bool
    ) -> Predicate {
        Predicate { event in
            guard case .updated(let old, let new) = event else { return true }
            return matches(old, new)
        }
    }

    /// Events of objects for which the function says yes, before or after the change.
    public static func matching(_ matches: @escaping @Sendable (Object) -> Bool) -> Predicate {
        Predicate { event in
            if case .updated(let old, _) = event, matches(old) { return true }
            return matches(event.object)
        }
    }

    /// Updates of the spec, or the beginning of the deletion; not those of status or metadata alone.
    ///
    /// Kinds that do not count generations always pass.
    public static var generationChanged: Predicate {
        updates { old, new in
            new.metadata.generation == nil || old.metadata.generation != new.metadata.generation
                || old.metadata.deletionTimestamp != new.metadata.deletionTimestamp
        }
    }

    /// Updates that change anything.
    public static var resourceVersionChanged: Predicate {
        updates { $0.metadata.resourceVersion != $1.metadata.resourceVersion }
    }

    /// Updates that change labels.
    public static var labelsChanged: Predicate { updates { $0.metadata.labels != $1.metadata.labels } }

    /// Updates that change annotations.
    public static var annotationsChanged: Predicate { updates { $0.metadata.annotations != $1.metadata.annotations } }

    /// Events that both want.
    public func and(_ other: Predicate) -> Predicate { Predicate { self($0) && other($0) } }

    /// Events that at least one wants.
    public func or(_ other: Predicate) -> Predicate { Predicate { self($0) || other($0) } }

    /// Events that this one does not want.
    public var negated: Predicate { Predicate { !self($0) } }
}
