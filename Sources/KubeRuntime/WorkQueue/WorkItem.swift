// SPDX-License-Identifier: Apache-2.0

/// A key that a worker has taken from a ``WorkQueue`` and is responsible for.
///
/// Nobody else is given the same key until the item is gone: by ``done()``, by ``WorkQueue/next(after:)``, or when it
/// goes out of scope. It cannot be copied, so that happens exactly once.
public struct WorkItem<Key: Hashable & Sendable>: ~Copyable, Sendable {
    // The properties below are computed on purpose. Swift 6.3's optimiser, given stored ones, lets a key of a trivial
    // type such as Int be read after the item was given back: `let key = item.key; item.done(); use(key)` used 0.
    @usableFromInline let delivery: WorkQueue<Key>.StateMachine.Delivery
    @usableFromInline let queue: WorkQueue<Key>
    @usableFromInline var isHeld = true

    @inlinable
    init(_ delivery: WorkQueue<Key>.StateMachine.Delivery, queue: WorkQueue<Key>) {
        self.delivery = delivery
        self.queue = queue
    }

    /// What is to be done.
    @inlinable public var key: Key { delivery.key }

    /// The priority with which it was added.
    @inlinable public var priority: Int { delivery.priority }

    /// Gives the key back: if it was added again in the meantime, it is delivered again.
    @inlinable
    public consuming func done() {}

    /// Leaves it to the caller to give the key in the returned slot back.
    @inlinable
    consuming func releaseSlot() -> Int {
        isHeld = false
        return delivery.slot
    }

    @inlinable
    deinit {
        if isHeld { queue.finish(delivery.slot) }
    }
}
