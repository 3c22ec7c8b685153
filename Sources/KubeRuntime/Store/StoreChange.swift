// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// An object in memory, shared by the store and by everybody who has yet to hear of it.
final class StoredObject<Object: KubernetesObject>: Sendable {
    let object: Object

    init(_ object: Object) { self.object = object }

    func isSameVersion(as other: Object) -> Bool {
        let mine = object.metadata
        let others = other.metadata
        return mine.resourceVersion != nil && mine.resourceVersion == others.resourceVersion && mine.uid == others.uid
    }
}

/// What happened to one key of a store.
struct StoreChange<Object: KubernetesObject>: Sendable {
    var key: ObjectKey
    /// What was there before.
    var old: StoredObject<Object>?
    /// What is there now.
    var new: StoredObject<Object>?
    /// The last state of a deleted object, if the deletion was seen.
    var lastState: StoredObject<Object>?
    /// Whether the object was only found missing, so that its last state may have been another one.
    var isFinalStateUnknown = false
}
