// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@testable import KubeRuntime

struct WorkQueueModelTests {
    /// The same queue, written for clarity: a list of entries that is searched from the front.
    private struct Model {
        struct Entry {
            var key: Int
            var priority: Int
            var due: Int?
            var isPending = true
            var isProcessing = false
            /// When it took its place in line.
            var order: Int
        }

        var entries: [Entry] = []
        var order = 0
        var turns = 0

        var ready: [Entry] { entries.filter { $0.isPending && $0.due == nil && !$0.isProcessing } }

        mutating func add(_ key: Int, _ priority: Int, due: Int?) {
            order += 1
            guard let index = entries.firstIndex(where: { $0.key == key }) else {
                entries.append(Entry(key: key, priority: priority, due: due, order: order))
                return
            }
            var entry = entries[index]
            if !entry.isPending {
                entry.priority = priority
                entry.due = due
                entry.order = order
            } else if entry.due == nil {
                if priority > entry.priority { entry.order = order }
                entry.priority = max(entry.priority, priority)
            } else {
                entry.priority = max(entry.priority, priority)
                if due == nil { entry.order = order }
                entry.due = due.flatMap { due in entry.due.map { min($0, due) } }
            }
            entry.isPending = true
            entries[index] = entry
        }

        mutating func pass(_ now: Int) {
            let due = entries.indices.filter { entries[$0].due.map { $0 <= now } ?? false }
            for index in due {
                order += 1
                entries[index].due = nil
                entries[index].order = order
            }
        }

        mutating func next() -> (key: Int, priority: Int)? {
            turns = Set(ready.map(\.priority)).count > 1 ? turns + 1 : 0
            let isTurnOfOldest = turns == 16
            if isTurnOfOldest { turns = 0 }
            let highestFirst = ready.min { ($1.priority, $0.order) < ($0.priority, $1.order) }
            guard let first = isTurnOfOldest ? ready.min(by: { $0.order < $1.order }) : highestFirst,
                let index = entries.firstIndex(where: { $0.key == first.key })
            else { return nil }
            entries[index].isPending = false
            entries[index].isProcessing = true
            return (first.key, first.priority)
        }

        mutating func done(_ key: Int) {
            guard let index = entries.firstIndex(where: { $0.key == key && $0.isProcessing }) else { return }
            entries[index].isProcessing = false
            if !entries[index].isPending {
                entries.remove(at: index)
            } else if entries[index].due == nil {
                order += 1
                entries[index].order = order
            }
        }
    }

    private func milliseconds(_ instant: AnyClock.Instant) -> Int {
        let (seconds, attoseconds) = instant.offset.components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }

    @Test("27: given random operations, then the queue does the same as a simple model of it", arguments: 0..<20)
    func sameAsModel(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var machine = WorkQueue<Int>.StateMachine()
        var model = Model()
        var now = 0
        var held: Set<Int> = []
        for step in 0..<2000 {
            let key = Int.random(in: 0..<12, using: &random)
            let priority = [-100, 0, 0, 0, 5, 10].randomElement(using: &random) ?? 0
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2:
                _ = machine.add(key, priority: priority)
                model.add(key, priority, due: nil)
            case 3...4:
                // Different for each step, so that no two are due at the same moment.
                let delay = Int.random(in: 1..<50, using: &random) * 10_000 + step
                let instant = AnyClock.Instant(offset: .milliseconds(now))
                _ = machine.add(key, priority: priority, after: .milliseconds(delay), now: instant)
                model.add(key, priority, due: now + delay)
            case 5:
                // One moment after the other, as a timer would.
                let end = now + Int.random(in: 0..<200_000, using: &random)
                while let alarm = machine.nextAlarm(), alarm.offset <= .milliseconds(end) {
                    _ = machine.timePassed(now: alarm)
                    model.pass(milliseconds(alarm))
                }
                now = end
            case 6...7:
                let delivery = machine.next()
                let expected = model.next()
                #expect(delivery?.key == expected?.key && delivery?.priority == expected?.priority)
                if let delivery { #expect(held.insert(delivery.key).inserted) }
            default:
                guard let key = held.sorted().randomElement(using: &random) else { continue }
                held.remove(key)
                guard let slot = machine.directory.slot(of: key) else {
                    Issue.record("a key that is held has a slot")
                    return
                }
                _ = machine.done(slot)
                model.done(key)
            }
            #expect(machine.readyCount == model.ready.count)
            #expect(machine.processingCount == held.count)
        }
    }
}
