// SPDX-License-Identifier: Apache-2.0

/// A key that a worker has taken from a ``WorkQueue`` and is responsible for.
///
/// Nobody else is given the same key until the item is gone: by ``done()``, by ``WorkQueue/next(after:)``, or when it
/// goes out of scope. It cannot be copied, so that happens exactly once.
public struct WorkItem<Key: Hashable & Sendable>: ~Copyable, Sendable {
    /// What is to be done.
    public let key: Key
    /// The priority with which it was added.
    public let priority: Int
    @usableFromInline let slot: Int
    @usableFromInline let queue: WorkQueue<Key>
    @usableFromInline var isHeld = true

    @inlinable
    init(_ delivery: WorkQueue<Key>.StateMachine.Delivery, queue: WorkQueue<Key>) {
        key = delivery.key
        priority = delivery.priority
        slot = delivery.slot
        self.queue = queue
    }

    /// Gives the key back: if it was added again in the meantime, it is delivered again.
    @inlinable
    public consuming func done() {}

    /// Leaves it to the caller to give the key in the returned slot back.
    @inlinable
    consuming func releaseSlot() -> Int {
        isHeld = false
        return slot
    }

    @inlinable
    deinit {
        if isHeld { queue.finish(slot) }
    }
}
