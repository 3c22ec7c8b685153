// SPDX-License-Identifier: Apache-2.0

/// What a ``Reflector`` tells about the collection that it follows.
public enum ReflectorEvent<Object: Sendable>: Sendable {
    /// This is the whole collection, at this version; whatever is not in it is gone.
    case replaced([Object], resourceVersion: String)
    /// The object is new, or has changed.
    case applied(Object)
    /// The object is gone; this is its last state, with the resourceVersion of the deletion.
    case deleted(Object)
    /// Nothing happened up to this version.
    case bookmark(resourceVersion: String)
}
