// SPDX-License-Identifier: Apache-2.0

/// The keys of all objects that are open, to find one that comes twice in its object.
///
/// A hash table of places in the text, which copies no key. The hash is seeded for each process, so that nobody can
/// choose keys that collide; and all steps together take time in proportion to the text. A key costs 12 bytes, and 8 to
/// 16 in the table, until its object ends.
struct JSONKeySet {
    /// Where a key stands; 32 bits suffice for any text that is checked.
    private struct Entry {
        var start: UInt32
        var count: UInt32
        var hash: UInt32
    }

    private let base: UnsafePointer<UInt8>
    private var entries: [Entry] = []
    /// The first entry of each open object.
    private var firsts: [Int] = []
    /// One more than the number of an entry, or zero; by linear probing from the entry's hash.
    private var slots: [UInt32] = []

    init(base: UnsafePointer<UInt8>) { self.base = base }

    /// How many keys the innermost object has.
    var memberCount: Int { entries.count - (firsts.last ?? 0) }

    mutating func beginObject() { firsts.append(entries.count) }

    /// Forgets the keys of the innermost object.
    mutating func endObject() {
        let first = firsts.removeLast()
        // The last one in is the first one out, so no entry that stays was ever placed behind one that goes.
        while entries.count > first {
            let number = UInt32(entries.count)
            var slot = Int(entries.removeLast().hash) & (slots.count - 1)
            while slots[slot] != number { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = 0
        }
    }

    /// Adds a key to the innermost object.
    /// - Returns: where the same key stands already in this object; nil if it is new.
    mutating func insert(start: Int, count: Int, isEscaped: Bool) -> Int? {
        if (entries.count + 1) * 2 > slots.count { grow() }
        let entry = Entry(
            start: UInt32(start),
            count: UInt32(count),
            hash: hash(JSONKey(start: base + start, count: count, isEscaped: isEscaped))
        )
        var slot = Int(entry.hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if index >= firsts.last ?? 0, entries[index].hash == entry.hash, isSame(entries[index], entry) {
                return Int(entries[index].start)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        entries.append(entry)
        slots[slot] = UInt32(entries.count)
        return nil
    }

    private func hash(_ key: JSONKey) -> UInt32 {
        var hasher = Hasher()
        // One key at every level must not make one long run of slots.
        hasher.combine(firsts.count)
        key.withUnescaped { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    private func isSame(_ one: Entry, _ other: Entry) -> Bool {
        key(one).withUnescaped { one in
            key(other).withUnescaped { other in one.elementsEqual(other) }
        }
    }

    private func key(_ entry: Entry) -> JSONKey {
        let bytes = UnsafeBufferPointer(start: base + Int(entry.start), count: Int(entry.count))
        return JSONKey(start: base + Int(entry.start), count: bytes.count, isEscaped: bytes.contains(0x5C))
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: max(16, slots.count * 2))
        for (index, entry) in entries.enumerated() {
            var slot = Int(entry.hash) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(index + 1)
        }
    }
}
