// SPDX-License-Identifier: Apache-2.0
public import DequeModule
public import HeapModule

extension WorkQueue {
    /// Which keys are to be done, which are being done and which have to wait; knows neither tasks nor a clock.
    ///
    /// There is one entry for each key. It is *pending* (ready, or waiting for a moment) or being processed, or both:
    /// a key that is added while it is processed becomes deliverable only when that is done.
    ///
    /// All of it can be inlined into the module that uses a queue: only there is it known what a key is, and without
    /// that every look at one costs ten times as much.
    @usableFromInline
    struct StateMachine: Sendable {
        /// What a change made possible.
        @usableFromInline
        enum Action: Equatable, Sendable {
            case none
            /// A key can be delivered.
            case deliver
            /// The earliest waiting key has become an earlier one.
            case wake(AnyClock.Instant)
            /// Nothing is left to be done, and nothing will come.
            case drained
        }

        @usableFromInline
        struct Delivery: Equatable, Sendable {
            @usableFromInline var key: Key
            @usableFromInline var priority: Int

            @inlinable
            init(key: Key, priority: Int) {
                self.key = key
                self.priority = priority
            }
        }

        @usableFromInline
        enum Pending: Sendable {
            case no
            case ready
            case waiting(AnyClock.Instant)
        }

        @usableFromInline
        struct Entry: Sendable {
            @usableFromInline var priority: Int
            @usableFromInline var pending: Pending
            @usableFromInline var isProcessing: Bool
            /// Names the key's place in line.
            ///
            /// A place with another ticket has been given up.
            @usableFromInline var ticket: UInt64

            @inlinable
            init(priority: Int) {
                self.priority = priority
                pending = .no
                isProcessing = false
                ticket = 0
            }
        }

        @usableFromInline
        struct Place: Sendable {
            @usableFromInline var key: Key
            @usableFromInline var ticket: UInt64

            @inlinable
            init(key: Key, ticket: UInt64) {
                self.key = key
                self.ticket = ticket
            }
        }

        /// The line for one priority.
        @usableFromInline
        struct Level: Sendable {
            @usableFromInline var priority: Int
            @usableFromInline var places: Deque<Place>

            @inlinable
            init(priority: Int) {
                self.priority = priority
                places = Deque()
            }
        }

        @usableFromInline
        struct Alarm: Comparable, Sendable {
            @usableFromInline var at: AnyClock.Instant
            @usableFromInline var ticket: UInt64
            @usableFromInline var key: Key

            @inlinable
            init(at: AnyClock.Instant, ticket: UInt64, key: Key) {
                self.at = at
                self.ticket = ticket
                self.key = key
            }

            @inlinable
            static func < (left: Alarm, right: Alarm) -> Bool { (left.at, left.ticket) < (right.at, right.ticket) }
            @inlinable
            static func == (left: Alarm, right: Alarm) -> Bool { left.ticket == right.ticket }
        }

        @usableFromInline var entries: [Key: Entry]
        /// In ascending order of priority; none is empty.
        @usableFromInline var levels: [Level]
        @usableFromInline var alarms: Heap<Alarm>
        @usableFromInline var lastTicket: UInt64
        @usableFromInline var waitingCount: Int
        /// Whether no more keys are taken.
        @usableFromInline var isShutDown: Bool

        /// How many keys can be delivered now.
        @usableFromInline var readyCount: Int
        /// How many keys are being processed.
        @usableFromInline var processingCount: Int

        @inlinable
        init() {
            entries = [:]
            levels = []
            alarms = Heap()
            lastTicket = 0
            waitingCount = 0
            isShutDown = false
            readyCount = 0
            processingCount = 0
        }

        @inlinable var isDrained: Bool { isShutDown && processingCount == 0 && readyCount == 0 }

        /// When the first of the waiting keys is due.
        @inlinable
        mutating func nextAlarm() -> AnyClock.Instant? {
            while let first = alarms.min {
                if isCurrent(first) { return first.at }
                alarms.removeMin()
            }
            return nil
        }

        @inlinable
        mutating func add(_ key: Key, priority: Int) -> Action {
            guard !isShutDown else { return .none }
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

        @inlinable
        mutating func add(_ key: Key, priority: Int, after delay: Duration, now: AnyClock.Instant) -> Action {
            guard delay > .zero else { return add(key, priority: priority) }
            guard !isShutDown else { return .none }
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
        @inlinable
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
        @inlinable
        mutating func next() -> Delivery? {
            while let last = levels.indices.last {
                let place = levels[last].places.popFirst()
                if levels[last].places.isEmpty { levels.removeLast() }
                guard let place, var entry = entries[place.key], entry.ticket == place.ticket,
                    case .ready = entry.pending, !entry.isProcessing
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
        @inlinable
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
        @inlinable
        mutating func shutDown() -> Action {
            isShutDown = true
            dropWaiting()
            return isDrained ? .drained : .none
        }

        /// Takes no more keys and gives up all that are not being processed.
        @inlinable
        mutating func shutDownNow() -> Action {
            isShutDown = true
            dropWaiting()
            levels = []
            readyCount = 0
            for (key, var entry) in entries {
                entry.pending = .no
                entries[key] = entry.isProcessing ? entry : nil
            }
            return isDrained ? .drained : .none
        }

        @inlinable
        mutating func dropWaiting() {
            alarms = Heap()
            waitingCount = 0
            for (key, var entry) in entries {
                guard case .waiting = entry.pending else { continue }
                entry.pending = .no
                entries[key] = entry.isProcessing ? entry : nil
            }
        }

        @inlinable
        mutating func enqueue(_ key: Key, _ entry: inout Entry) {
            lastTicket += 1
            entry.ticket = lastTicket
            readyCount += 1
            let place = Place(key: key, ticket: lastTicket)
            // The common case is a single level. It is changed in place: a copy of it in a variable would make the line be
            // copied too.
            if let last = levels.indices.last, levels[last].priority == entry.priority {
                levels[last].places.append(place)
                return
            }
            let index = levels.firstIndex { $0.priority >= entry.priority } ?? levels.count
            if index == levels.count || levels[index].priority != entry.priority {
                levels.insert(Level(priority: entry.priority), at: index)
            }
            levels[index].places.append(place)
        }

        @inlinable
        func isCurrent(_ alarm: Alarm) -> Bool {
            guard let entry = entries[alarm.key], entry.ticket == alarm.ticket, case .waiting = entry.pending else {
                return false
            }
            return true
        }

        /// A key that is made ready before its time leaves its alarm behind; they must not pile up.
        @inlinable
        mutating func removeStaleAlarms() {
            guard alarms.count > 64, alarms.count > 2 * waitingCount else { return }
            alarms = Heap(alarms.unordered.filter(isCurrent))
        }
    }
}
