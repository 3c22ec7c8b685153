// SPDX-License-Identifier: Apache-2.0
public import HeapModule

extension WorkQueue.StateMachine {
    /// The moment at which a waiting key is due.
    @usableFromInline
    struct Alarm: Comparable, Sendable {
        @usableFromInline var at: AnyClock.Instant
        @usableFromInline var ticket: UInt64
        @usableFromInline var slot: Int

        @inlinable
        init(at: AnyClock.Instant, ticket: UInt64, slot: Int) {
            self.at = at
            self.ticket = ticket
            self.slot = slot
        }

        @inlinable
        static func < (left: Alarm, right: Alarm) -> Bool { (left.at, left.ticket) < (right.at, right.ticket) }
        @inlinable
        static func == (left: Alarm, right: Alarm) -> Bool { left.ticket == right.ticket }
    }

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
    mutating func add(_ key: Key, priority: Int, after delay: Duration, now: AnyClock.Instant) -> Action {
        guard delay > .zero else { return add(key, priority: priority) }
        guard !isShutDown else { return .none }
        let due = now.advanced(by: delay)
        let slot = directory.claimSlot(for: key, priority: priority)
        if isRecording { recorder?.delayed() }
        switch directory.entries[slot].pending {
        case .no:
            directory.entries[slot].priority = priority
            directory.entries[slot].pending = .waiting
            waitingCount += 1
        case .ready:
            // What is ready does not have to wait again; only the priority may still count.
            _ = addReady(slot, priority: priority)
            return .none
        case .waiting:
            directory.entries[slot].priority = max(directory.entries[slot].priority, priority)
            guard due < directory.entries[slot].due else { return .none }
        }
        directory.entries[slot].due = due
        let ticket = takeTicket(slot)
        let isFirst = nextAlarm().map { due < $0 } ?? true
        alarms.insert(Alarm(at: due, ticket: ticket, slot: slot))
        removeStaleAlarms()
        return isFirst ? .wake(due) : .none
    }

    /// Makes the keys ready whose moment has come.
    @inlinable
    mutating func timePassed(now: AnyClock.Instant) -> Action {
        var action = Action.none
        while let at = nextAlarm(), at <= now, let alarm = alarms.popMin() {
            waitingCount -= 1
            if makeReady(alarm.slot) == .deliver { action = .deliver }
        }
        return action
    }

    @inlinable
    func isCurrent(_ alarm: Alarm) -> Bool {
        directory.entries[alarm.slot].ticket == alarm.ticket && directory.entries[alarm.slot].pending == .waiting
    }

    /// A key that is made ready before its time leaves its alarm behind; they must not pile up.
    @inlinable
    mutating func removeStaleAlarms() {
        guard alarms.count > 64, alarms.count > 2 * waitingCount else { return }
        alarms = Heap(alarms.unordered.filter(isCurrent))
    }
}
