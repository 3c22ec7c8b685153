// SPDX-License-Identifier: Apache-2.0
import DequeModule

/// Values by key, of which the ones that have not been used for longest go when there are too many.
package struct LeastRecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        var ticket: UInt64
    }

    private let capacity: Int
    private var entries: [Key: Entry] = [:]
    /// The uses in order; all but the last one of each key are outdated.
    private var uses = Deque<(key: Key, ticket: UInt64)>()
    private var lastTicket: UInt64 = 0

    package init(capacity: Int) { self.capacity = capacity }

    package var count: Int { entries.count }

    /// The value of a key.
    ///
    /// Reading it counts as a use, and so does writing it.
    package subscript(key: Key) -> Value? {
        mutating get {
            guard var entry = entries[key] else { return nil }
            entry.ticket = use(key)
            entries[key] = entry
            return entry.value
        }
        set {
            guard let newValue else {
                entries[key] = nil
                return
            }
            entries[key] = Entry(value: newValue, ticket: use(key))
            removeOldest()
        }
    }

    private mutating func use(_ key: Key) -> UInt64 {
        lastTicket += 1
        uses.append((key, lastTicket))
        if uses.count > 2 * capacity + 64 {
            uses = Deque(uses.filter { $0.ticket == lastTicket || entries[$0.key]?.ticket == $0.ticket })
        }
        return lastTicket
    }

    private mutating func removeOldest() {
        while entries.count > capacity, let oldest = uses.popFirst() {
            if entries[oldest.key]?.ticket == oldest.ticket { entries[oldest.key] = nil }
        }
    }
}
