// SPDX-License-Identifier: Apache-2.0

extension WorkQueue {
    /// What is known of each key, in slots that stay where they are while a key is in the queue.
    ///
    /// A key is hashed once, when it comes in: everything after that names its slot. The hash table itself holds
    /// nothing but slot numbers (linear probing, at most half full), and a key that goes leaves no marker behind.
    @usableFromInline
    struct Directory: Sendable {
        @usableFromInline
        enum Pending: Sendable {
            case no
            case ready
            case waiting
        }

        @usableFromInline
        struct Entry: Sendable {
            /// Nil while the slot is free.
            @usableFromInline var key: Key?
            @usableFromInline var hash: Int
            @usableFromInline var priority: Int
            /// Names the key's place in line, or its alarm.
            ///
            /// One with another ticket has been given up.
            @usableFromInline var ticket: UInt64 = 0
            /// When it is due, while it is waiting.
            @usableFromInline var due = AnyClock.Instant(offset: .zero)
            @usableFromInline var pending = Pending.no
            @usableFromInline var isProcessing = false

            @inlinable
            init(key: Key, hash: Int, priority: Int) {
                self.key = key
                self.hash = hash
                self.priority = priority
            }

            @inlinable var isReady: Bool { pending == .ready && !isProcessing }
        }

        /// With more slots than this, their memory is given back as soon as all are free.
        @usableFromInline static var keptSlots: Int { 4096 }

        @usableFromInline var entries: ContiguousArray<Entry> = []
        @usableFromInline var freeSlots: ContiguousArray<Int> = []
        /// Slot numbers plus 1; 0 where there is none.
        @usableFromInline var buckets: ContiguousArray<Int32> = []
        @usableFromInline var count = 0

        @inlinable
        init() {}

        /// The slot of a key.
        @inlinable
        func slot(of key: Key) -> Int? { buckets.isEmpty ? nil : find(key, hash: key.hashValue).slot }

        /// The slot of a key, which gets one if it has none.
        /// - Parameter priority: the priority of a new entry.
        @inlinable
        mutating func claimSlot(for key: Key, priority: Int) -> Int {
            if count * 2 >= buckets.count { grow() }
            let hash = key.hashValue
            let (found, bucket) = find(key, hash: hash)
            if let found { return found }
            count += 1
            let entry = Entry(key: key, hash: hash, priority: priority)
            let slot: Int
            if let free = freeSlots.popLast() {
                slot = free
                entries[slot] = entry
            } else {
                slot = entries.count
                entries.append(entry)
            }
            buckets[bucket] = Int32(slot + 1)
            return slot
        }

        /// Forgets the key in a slot.
        @inlinable
        mutating func free(_ slot: Int) {
            let mask = buckets.count - 1
            let number = Int32(slot + 1)
            var hole = entries[slot].hash & mask
            while buckets[hole] != number { hole = (hole + 1) & mask }
            // Those behind it that had to make way for it move up, so that no search ends too early.
            var next = (hole + 1) & mask
            while buckets[next] != 0 {
                let home = entries[Int(buckets[next]) - 1].hash & mask
                if (next &- home) & mask >= (next &- hole) & mask {
                    buckets[hole] = buckets[next]
                    hole = next
                }
                next = (next + 1) & mask
            }
            buckets[hole] = 0
            entries[slot].key = nil
            count -= 1
            if count == 0, entries.count > Self.keptSlots { self = Directory() } else { freeSlots.append(slot) }
        }

        /// Whether a place is still its key's.
        @inlinable
        func isCurrent(_ place: ReadyLines.Place) -> Bool {
            entries[place.slot].ticket == place.ticket && entries[place.slot].isReady
        }

        @inlinable
        func find(_ key: Key, hash: Int) -> (slot: Int?, bucket: Int) {
            let mask = buckets.count - 1
            var bucket = hash & mask
            while buckets[bucket] != 0 {
                let slot = Int(buckets[bucket]) - 1
                if entries[slot].hash == hash, entries[slot].key == key { return (slot, bucket) }
                bucket = (bucket + 1) & mask
            }
            return (nil, bucket)
        }

        @inlinable
        mutating func grow() {
            buckets = ContiguousArray(repeating: 0, count: max(16, buckets.count * 2))
            let mask = buckets.count - 1
            for slot in entries.indices where entries[slot].key != nil {
                var bucket = entries[slot].hash & mask
                while buckets[bucket] != 0 { bucket = (bucket + 1) & mask }
                buckets[bucket] = Int32(slot + 1)
            }
        }
    }
}
