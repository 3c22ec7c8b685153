// SPDX-License-Identifier: Apache-2.0
public import DequeModule

/// Who comes next: a line for each priority.
///
/// The front of the highest line is next, with one exception: while more than one line has somebody in it, one of
/// ``turnsUntilOldest`` goes to whoever has been in any of the lines for longest. So nobody starves: who has *n* others
/// before it that came earlier is served after at most `(n + 1) × turnsUntilOldest` turns, whatever comes later and
/// with what priority.
@usableFromInline
struct ReadyLines: Sendable {
    /// One of so many turns goes to whoever has waited for longest.
    @usableFromInline static let turnsUntilOldest = 16
    /// How many lines that were used up are kept, so that they need no new memory when they are used again.
    @usableFromInline static let spareCount = 8

    /// Where somebody stands.
    @usableFromInline
    struct Place: Sendable {
        @usableFromInline var slot: Int
        /// Rises from place to place; a place whose ticket is not its slot's has been given up.
        @usableFromInline var ticket: UInt64

        @inlinable
        init(slot: Int, ticket: UInt64) {
            self.slot = slot
            self.ticket = ticket
        }
    }

    @usableFromInline
    struct Line: Sendable {
        @usableFromInline var priority: Int
        @usableFromInline var places: Deque<Place>
        /// How many of the places have not been given up.
        @usableFromInline var count = 0

        @inlinable
        init(priority: Int, places: Deque<Place>) {
            self.priority = priority
            self.places = places
        }
    }

    /// In ascending order of priority; only if there is no more than one may it be empty.
    @usableFromInline var lines: ContiguousArray<Line> = []
    @usableFromInline var spare: ContiguousArray<Deque<Place>> = []
    /// How many turns in a row may have passed over the one who has waited for longest.
    @usableFromInline var turns = 0
    /// How many places have not been given up.
    @usableFromInline var count = 0

    @inlinable
    init() {}

    @inlinable
    mutating func append(_ place: Place, priority: Int) {
        count += 1
        let index = index(for: priority)
        lines[index].count += 1
        lines[index].places.append(place)
    }

    /// Notes that somebody in the line of this priority has given up the place.
    @inlinable
    mutating func giveUp(priority: Int) {
        guard let index = lines.firstIndex(where: { $0.priority == priority }) else { return }
        left(index)
    }

    /// Takes the next place.
    /// - Parameter directory: tells which places have been given up.
    @inlinable
    mutating func popFirst<Key>(by directory: WorkQueue<Key>.Directory) -> Place? {
        guard count > 0 else { return nil }
        let index = nextLine(by: directory)
        while let place = lines[index].places.popFirst() {
            guard directory.isCurrent(place) else { continue }
            left(index)
            return place
        }
        return nil
    }

    @inlinable
    mutating func removeAll() { self = ReadyLines() }

    @inlinable
    mutating func nextLine<Key>(by directory: WorkQueue<Key>.Directory) -> Int {
        if lines.count == 1 {
            turns = 0
            return 0
        }
        turns += 1
        if turns < Self.turnsUntilOldest { return lines.count - 1 }
        turns = 0
        var oldest = (index: lines.count - 1, ticket: UInt64.max)
        for index in lines.indices {
            while let first = lines[index].places.first, !directory.isCurrent(first) {
                lines[index].places.removeFirst()
            }
            guard let first = lines[index].places.first, first.ticket < oldest.ticket else { continue }
            oldest = (index, first.ticket)
        }
        return oldest.index
    }

    @inlinable
    mutating func left(_ index: Int) {
        count -= 1
        lines[index].count -= 1
        guard lines[index].count == 0, lines.count > 1 || !lines[index].places.isEmpty else { return }
        if lines.count == 1 {
            lines[index].places.removeAll(keepingCapacity: true)
            return
        }
        var places = lines.remove(at: index).places
        guard spare.count < Self.spareCount else { return }
        places.removeAll(keepingCapacity: true)
        spare.append(places)
    }

    @inlinable
    mutating func index(for priority: Int) -> Int {
        // The common case is a single line.
        if let last = lines.indices.last, lines[last].priority == priority { return last }
        if lines.count == 1, lines[0].count == 0 {
            lines[0].priority = priority
            return 0
        }
        var (low, high) = (0, lines.count)
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].priority < priority { low = middle + 1 } else { high = middle }
        }
        if low == lines.count || lines[low].priority != priority {
            lines.insert(Line(priority: priority, places: spare.popLast() ?? Deque()), at: low)
        }
        return low
    }
}
