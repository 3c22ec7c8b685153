// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
import KubeClient

/// What makes a ``Controller`` reconcile: the events of an informer, a predicate on them, and whom they concern.
public struct Source<Request: Hashable & Sendable>: Sendable {
    /// A source that is at work.
    struct Started: Sendable {
        /// Waits until everything that was there at the start is in the queue.
        var waitForSync: @Sendable () async throws(CancellationError) -> Void
        var stop: @Sendable () -> Void
    }

    /// The priority of requests that only come from objects which were there before the controller: lower than that
    /// of any change, so that a start with many objects does not delay what happens now.
    public static var initialPriority: Int { -100 }

    let start: @Sendable (WorkQueue<Request>) throws(KubeError) -> Started

    private init(start: @escaping @Sendable (WorkQueue<Request>) throws(KubeError) -> Started) { self.start = start }

    /// The events of other objects, mapped to the requests that they concern.
    /// - Parameters:
    ///   - informer: whose events they are.
    ///   - predicate: which events count.
    ///   - priority: the priority of the requests for an object; nil for ``initialPriority`` at the start, 0 later.
    ///   - map: the requests that an object concerns. An update asks for the object before and after the change.
    public static func watches<Object>(
        _ informer: Informer<Object>,
        where predicate: Predicate<Object> = .always,
        priority: (@Sendable (Object) -> Int)? = nil,
        map: @escaping @Sendable (Object) -> [Request]
    ) -> Source {
        Source { (queue: WorkQueue<Request>) throws(KubeError) in
            let handler = try informer.addHandler { event in
                guard predicate(event) else { return }
                var requests = Set(map(event.object))
                if case .updated(let old, _) = event { requests.formUnion(map(old)) }
                var level = 0
                if let priority {
                    level = priority(event.object)
                } else if case .added(_, isInInitialList: true) = event {
                    level = initialPriority
                }
                for request in requests { queue.add(request, priority: level) }
            }
            return Started(
                waitForSync: { () async throws(CancellationError) in try await handler.waitForSync() },
                stop: { informer.removeHandler(handler) }
            )
        }
    }
}

extension Source where Request == ObjectKey {
    /// The events of the objects that the controller is for.
    /// - Parameters:
    ///   - informer: whose events they are.
    ///   - predicate: which events count, such as `.generationChanged`.
    ///   - priority: the priority of an object; nil for ``initialPriority`` at the start, 0 later.
    public static func `for`<Object>(
        _ informer: Informer<Object>,
        where predicate: Predicate<Object> = .always,
        priority: (@Sendable (Object) -> Int)? = nil
    ) -> Source {
        watches(informer, where: predicate, priority: priority) { [ObjectKey($0)] }
    }

    /// The events of objects that belong to those that the controller is for.
    /// - Parameters:
    ///   - informer: whose events they are.
    ///   - owner: the kind that the controller is for; its version does not matter.
    ///   - anyOwner: whether every owner counts, not only the one that manages the object (`controller: true`).
    ///   - predicate: which events count.
    public static func owns<Object, Owner: Resource>(
        _ informer: Informer<Object>,
        by owner: Owner.Type,
        anyOwner: Bool = false,
        where predicate: Predicate<Object> = .always
    ) -> Source {
        let resource = Owner.apiResource
        return watches(informer, where: predicate) { object in
            object.metadata.ownerReferences.compactMap { reference in
                guard anyOwner || reference.isController, reference.kind == resource.kind,
                    group(of: reference.apiVersion) == resource.group
                else { return nil }
                return ObjectKey(
                    namespace: resource.isNamespaced ? object.metadata.namespace : nil,
                    name: reference.name
                )
            }
        }
    }

    private static func group(of apiVersion: String) -> Substring {
        apiVersion.firstIndex(of: "/").map { apiVersion[..<$0] } ?? ""
    }
}
