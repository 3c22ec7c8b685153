// SPDX-License-Identifier: Apache-2.0
import DequeModule
import HeapModule

extension WorkQueue {
    /// Which keys are to be done, which are being done and which have to wait; knows neither tasks nor a clock.
    ///
    /// There is one entry for each key. It is *pending* (ready, or waiting for a moment) or being processed, or both:
    /// a key that is added while it is processed becomes deliverable only when that is done.
    struct StateMachine: Sendable {
        /// What a change made possible.
        enum Action: Equatable, Sendable {
            case none
            /// A key can be delivered.
            case deliver
            /// The earliest waiting key has become an earlier one.
            case wake(AnyClock.Instant)
            /// Nothing is left to be done, and nothing will come.
            case drained
        }

        struct Delivery: Equatable, Sendable {
            var key: Key
            var priority: Int
        }

        private enum Pending: Equatable {
            case no
            case ready
            case waiting(AnyClock.Instant)
        }

        private struct Entry {
            var priority: Int
            var pending = Pending.no
            var isProcessing = false
            /// Names the key's place in line.
            ///
            /// A place with another ticket has been given up.
            var ticket: UInt64 = 0
        }

        private struct Place {
            var key: Key
            var ticket: UInt64
        }

        /// The line for one priority.
        private struct Level {
            var priority: Int
            var places = Deque<Place>()
        }

        private struct Alarm: Comparable {
            var at: AnyClock.Instant
            var ticket: UInt64
            var key: Key

            static func < (left: Alarm, right: Alarm) -> Bool { (left.at, left.ticket) < (right.at, right.ticket) }
            static func == (left: Alarm, right: Alarm) -> Bool { left.ticket == right.ticket }
        }

        private enum Phase {
            case open
            case draining
            case shutDown
        }

        private var entries: [Key: Entry] = [:]
        /// In ascending order of priority; none is empty.
        private var levels: [Level] = []
        private var alarms = Heap<Alarm>()
        private var lastTicket: UInt64 = 0
        private var waitingCount = 0
        private var phase = Phase.open

        /// How many keys can be delivered now.
        private(set) var readyCount = 0
        /// How many keys are being processed.
        private(set) var processingCount = 0

        /// Whether no more keys are taken.
        var isShutDown: Bool { phase != .open }

        private var isDrained: Bool { phase != .open && processingCount == 0 && readyCount == 0 }

        /// When the first of the waiting keys is due.
        mutating func nextAlarm() -> AnyClock.Instant? {
            while let first = alarms.min {
                if isCurrent(first) { return first.at }
                alarms.removeMin()
            }
            return nil
        }

        mutating func add(_ key: Key, priority: Int) -> Action {
            guard phase == .open else { return .none }
            var entry = entries[key] ?? Entry(priority: priority)
            defer { entries[key] = entry }
            switch entry.pending {
            case .no: entry.priority = priority
            case .ready:
                guard priority > entry.priority else { return .none }
                entry.priority = priority
                // It goes to the end of its new level; the place in the old one lapses with its ticket.
                if !entry.isProcessing {
                    readyCount -= 1
                    enqueue(key, &entry)
                }
                return .none
            case .waiting:
                entry.priority = max(entry.priority, priority)
                waitingCount -= 1
            }
            entry.pending = .ready
            if entry.isProcessing { return .none }
            enqueue(key, &entry)
            return .deliver
        }

        mutating func add(_ key: Key, priority: Int, after delay: Duration, now: AnyClock.Instant) -> Action {
            guard delay > .zero else { return add(key, priority: priority) }
            guard phase == .open else { return .none }
            let due = now.advanced(by: delay)
            var entry = entries[key] ?? Entry(priority: priority)
            switch entry.pending {
            case .no:
                entry.priority = priority
                waitingCount += 1
            case .ready:
                // What is ready does not have to wait again; only the priority may still count.
                return add(key, priority: priority)
            case .waiting(let earlier):
                entry.priority = max(entry.priority, priority)
                guard due < earlier else {
                    entries[key] = entry
                    return .none
                }
            }
            entry.pending = .waiting(due)
            lastTicket += 1
            entry.ticket = lastTicket
            entries[key] = entry
            alarms.insert(Alarm(at: due, ticket: entry.ticket, key: key))
            removeStaleAlarms()
            return nextAlarm() == due ? .wake(due) : .none
        }

        /// Makes the keys ready whose moment has come.
        mutating func timePassed(now: AnyClock.Instant) -> Action {
            var action = Action.none
            while let at = nextAlarm(), at <= now, let alarm = alarms.popMin() {
                guard var entry = entries[alarm.key] else { continue }
                waitingCount -= 1
                entry.pending = .ready
                if !entry.isProcessing {
                    enqueue(alarm.key, &entry)
                    action = .deliver
                }
                entries[alarm.key] = entry
            }
            return action
        }

        /// Takes the next key to be processed.
        mutating func next() -> Delivery? {
            while let last = levels.indices.last {
                let place = levels[last].places.popFirst()
                if levels[last].places.isEmpty { levels.removeLast() }
                guard let place, var entry = entries[place.key], entry.ticket == place.ticket,
                    entry.pending == .ready, !entry.isProcessing
                else { continue }
                entry.pending = .no
                entry.isProcessing = true
                entries[place.key] = entry
                readyCount -= 1
                processingCount += 1
                return Delivery(key: place.key, priority: entry.priority)
            }
            return nil
        }

        /// Ends the processing of a key.
        mutating func done(_ key: Key) -> Action {
            guard var entry = entries[key], entry.isProcessing else { return .none }
            entry.isProcessing = false
            processingCount -= 1
            switch entry.pending {
            case .no: entries[key] = nil
            case .waiting: entries[key] = entry
            case .ready:
                enqueue(key, &entry)
                entries[key] = entry
                return .deliver
            }
            return isDrained ? .drained : .none
        }

        /// Takes no more keys and gives up the waiting ones; those that are ready are still delivered.
        mutating func shutDown() -> Action {
            phase = .shutDown
            dropWaiting()
            return isDrained ? .drained : .none
        }

        /// As ``shutDown()``, for somebody who waits until everything is done.
        mutating func drain() -> Action {
            if phase == .open { phase = .draining }
            dropWaiting()
            return isDrained ? .drained : .none
        }

        /// Takes no more keys and gives up all that are not being processed.
        mutating func shutDownNow() -> Action {
            phase = .shutDown
            dropWaiting()
            levels = []
            readyCount = 0
            for (key, var entry) in entries {
                entry.pending = .no
                entries[key] = entry.isProcessing ? entry : nil
            }
            return isDrained ? .drained : .none
        }

        private mutating func dropWaiting() {
            alarms = Heap()
            waitingCount = 0
            for (key, var entry) in entries {
                guard case .waiting = entry.pending else { continue }
                entry.pending = .no
                entries[key] = entry.isProcessing ? entry : nil
            }
        }

        private mutating func enqueue(_ key: Key, _ entry: inout Entry) {
            lastTicket += 1
            entry.ticket = lastTicket
            readyCount += 1
            let place = Place(key: key, ticket: lastTicket)
            // The common case is a single level.
            if let last = levels.last, last.priority == entry.priority {
                levels[levels.count - 1].places.append(place)
                return
            }
            let index = levels.firstIndex { $0.priority >= entry.priority } ?? levels.count
            if index == levels.count || levels[index].priority != entry.priority {
                levels.insert(Level(priority: entry.priority), at: index)
            }
            levels[index].places.append(place)
        }

        private func isCurrent(_ alarm: Alarm) -> Bool {
            guard let entry = entries[alarm.key], entry.ticket == alarm.ticket else { return false }
            return entry.pending == .waiting(alarm.at)
        }

        /// A key that is made ready before its time leaves its alarm behind; they must not pile up.
        private mutating func removeStaleAlarms() {
            guard alarms.count > 64, alarms.count > 2 * waitingCount else { return }
            alarms = Heap(alarms.unordered.filter(isCurrent))
        }
    }
}
