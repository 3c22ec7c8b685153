// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// What happened to an object, as far as a handler of an ``Informer`` is concerned.
///
/// A handler that falls behind hears less often, not late news: several changes of one object become one. It always
/// hears of the last state.
public enum InformerEvent<Object: KubernetesObject>: Sendable {
    /// The object is new to the handler. `isInInitialList` says that it was there before the handler was.
    case added(Object, isInInitialList: Bool)
    /// The object has changed from what the handler knew.
    case updated(old: Object, new: Object)
    /// The object is gone; this is its last known state. `isFinalStateUnknown` says that the deletion was not seen:
    /// the object was missing from a list, and may have changed before it went.
    case deleted(Object, isFinalStateUnknown: Bool)

    /// The object, as new as the event knows it.
    public var object: Object {
        switch self {
        case .added(let object, _), .updated(_, let object), .deleted(let object, _): object
        }
    }

    /// The object's name.
    public var key: ObjectKey { ObjectKey(object) }
}
