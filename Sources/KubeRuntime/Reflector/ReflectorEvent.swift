// SPDX-License-Identifier: Apache-2.0

/// What a ``Reflector`` tells about the collection that it follows.
///
/// A list comes object by object, so that nobody has to hold all of it twice: ``listing``, any number of
/// ``listed(_:)`` and ``unlisted(_:)``, then ``replaced(resourceVersion:)``. Until the last of these the collection is
/// still what it was.
public enum ReflectorEvent<Object: Sendable>: Sendable {
    /// A list begins. What an earlier one told counts only if that one was completed.
    case listing
    /// The object is in the list that has begun, in this state; a later one of its name takes its place.
    case listed(Object)
    /// The object has gone from the list that has begun.
    case unlisted(Object)
    /// The list is complete, at this version: whatever is not in it is gone.
    case replaced(resourceVersion: String)
    /// The object is new, or has changed.
    case applied(Object)
    /// The object is gone; this is its last state, with the resourceVersion of the deletion.
    case deleted(Object)
    /// Nothing else happened up to this version.
    case bookmark(resourceVersion: String)
}
