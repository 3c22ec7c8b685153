// SPDX-License-Identifier: Apache-2.0
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
            /// A key was added that waits for a worker already.
            case touched
            /// The earliest waiting key has become an earlier one.
            case wake(AnyClock.Instant)
            /// Nothing is left to be done, and nothing will come.
            case drained
        }

        @usableFromInline
        struct Delivery: Sendable {
            @usableFromInline var key: Key
            @usableFromInline var priority: Int
            @usableFromInline var slot: Int

            @inlinable
            init(key: Key, priority: Int, slot: Int) {
                self.key = key
                self.priority = priority
                self.slot = slot
            }
        }

        @usableFromInline var directory = Directory()
        @usableFromInline var lines = ReadyLines()
        @usableFromInline var alarms = Heap<Alarm>()
        @usableFromInline var lastTicket: UInt64 = 0
        @usableFromInline var waitingCount = 0
        /// Keeps the metrics, if there are any.
        @usableFromInline var recorder: WorkQueueRecorder?
        /// Whether there are any: cheaper to ask than the recorder itself.
        @usableFromInline var isRecording = false
        /// Whether no more keys are taken.
        @usableFromInline var isShutDown = false
        /// How many keys are being processed.
        @usableFromInline var processingCount = 0

        @inlinable
        init() {}

        /// How many keys can be delivered now.
        @inlinable var readyCount: Int { lines.count }

        @inlinable var isDrained: Bool { isShutDown && processingCount == 0 && readyCount == 0 }

        @inlinable
        mutating func add(_ key: Key, priority: Int) -> Action {
            guard !isShutDown else { return .none }
            let slot = directory.claimSlot(for: key, priority: priority)
            switch directory.entries[slot].pending {
            case .no: directory.entries[slot].priority = priority
            case .ready: return addReady(slot, priority: priority)
            case .waiting:
                directory.entries[slot].priority = max(directory.entries[slot].priority, priority)
                waitingCount -= 1
            }
            return makeReady(slot)
        }

        /// Takes the next key to be processed.
        @inlinable
        mutating func next() -> Delivery? {
            guard let place = lines.popFirst(by: directory), let key = directory.entries[place.slot].key else {
                return nil
            }
            directory.entries[place.slot].pending = .no
            directory.entries[place.slot].isProcessing = true
            processingCount += 1
            let priority = directory.entries[place.slot].priority
            if isRecording { recorder?.began(place.slot, priority: priority) }
            return Delivery(key: key, priority: priority, slot: place.slot)
        }

        /// Ends the processing of the key in a slot.
        @inlinable
        mutating func done(_ slot: Int) -> Action {
            directory.entries[slot].isProcessing = false
            processingCount -= 1
            if isRecording { recorder?.ended(slot) }
            switch directory.entries[slot].pending {
            case .no: free(slot)
            case .waiting: break
            case .ready:
                takePlace(slot)
                return .deliver
            }
            return isDrained ? .drained : .none
        }

        /// Takes no more keys and gives up the waiting ones; those that are ready are still delivered.
        @inlinable
        mutating func shutDown() -> Action {
            isShutDown = true
            giveUp { $0.pending == .waiting }
            alarms = Heap()
            waitingCount = 0
            return isDrained ? .drained : .none
        }

        /// Takes no more keys and gives up all that are not being processed.
        @inlinable
        mutating func shutDownNow() -> Action {
            isShutDown = true
            giveUp { _ in true }
            alarms = Heap()
            waitingCount = 0
            lines.removeAll()
            return isDrained ? .drained : .none
        }

        @inlinable
        mutating func giveUp(_ isGivenUp: (Directory.Entry) -> Bool) {
            // Backwards: the slots go as soon as the last of them is free.
            for slot in directory.entries.indices.reversed() where slot < directory.entries.count {
                let entry = directory.entries[slot]
                guard entry.key != nil, entry.pending != .no, isGivenUp(entry) else { continue }
                if isRecording, entry.isReady { recorder?.left(priority: entry.priority) }
                directory.entries[slot].pending = .no
                if !entry.isProcessing { free(slot) }
            }
        }

        // MARK: Parts

        @inlinable
        mutating func addReady(_ slot: Int, priority: Int) -> Action {
            let old = directory.entries[slot].priority
            let isInLine = !directory.entries[slot].isProcessing
            if priority > old {
                directory.entries[slot].priority = priority
                // It goes to the end of its new line; the place in the old one lapses with its ticket.
                if isInLine {
                    lines.giveUp(priority: old)
                    if isRecording { recorder?.left(priority: old) }
                    takePlace(slot)
                }
            }
            return isInLine ? .touched : .none
        }

        @inlinable
        mutating func makeReady(_ slot: Int) -> Action {
            directory.entries[slot].pending = .ready
            if isRecording { recorder?.added(slot) }
            if directory.entries[slot].isProcessing { return .none }
            takePlace(slot)
            return .deliver
        }

        @inlinable
        mutating func free(_ slot: Int) {
            directory.free(slot)
            guard directory.entries.isEmpty else { return }
            // The memory of a burst is given back, and nothing is left that could name one of its slots.
            lines.removeAll()
            alarms = Heap()
        }

        @inlinable
        mutating func takePlace(_ slot: Int) {
            let priority = directory.entries[slot].priority
            lines.append(ReadyLines.Place(slot: slot, ticket: takeTicket(slot)), priority: priority)
            if isRecording { recorder?.entered(priority: priority) }
        }

        @inlinable
        mutating func takeTicket(_ slot: Int) -> UInt64 {
            lastTicket += 1
            directory.entries[slot].ticket = lastTicket
            return lastTicket
        }
    }
}
