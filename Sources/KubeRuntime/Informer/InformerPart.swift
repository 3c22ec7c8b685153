// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Logging
import Synchronization

/// A part of an informer's collection that is followed by itself: one namespace, or all of them.
final class InformerPart<Object: KubernetesObject>: Sendable {
    /// The namespace; nil for all of them.
    let namespace: String?
    /// Follows the part until the task is cancelled.
    let follow: @Sendable (@escaping @Sendable (ReflectorEvent<Object>) -> Void) async -> Void
    private let replacement = Mutex(StoreReplacement<Object>())

    init(
        namespace: String?,
        follow: @escaping @Sendable (@escaping @Sendable (ReflectorEvent<Object>) -> Void) async -> Void
    ) {
        self.namespace = namespace
        self.follow = follow
    }

    /// Forgets a list that was not completed.
    func restart() { replacement.withLock { $0 = StoreReplacement() } }

    func insert(_ object: StoredObject<Object>, at key: ObjectKey) {
        replacement.withLock { $0.insert(object, at: key) }
    }

    func remove(_ key: ObjectKey) { replacement.withLock { $0.remove(key) } }

    /// Takes the list, which is complete.
    func take() -> StoreReplacement<Object> {
        replacement.withLock { replacement in
            defer { replacement = StoreReplacement() }
            return replacement
        }
    }
}
