// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KubeRuntime

struct WorkQueueStateMachineTests {
    private typealias Machine = WorkQueue<String>.StateMachine

    private func at(_ milliseconds: Int) -> AnyClock.Instant { AnyClock.Instant(offset: .milliseconds(milliseconds)) }

    private struct Taken: Equatable {
        var key: String
        var priority: Int
    }

    private func taken(from machine: inout Machine) -> Taken? {
        machine.next().map { Taken(key: $0.key, priority: $0.priority) }
    }

    private func drain(_ machine: inout Machine) -> [String] {
        var keys: [String] = []
        while let delivery = machine.next() { keys.append(delivery.key) }
        return keys
    }

    @Test("2: given a key in processing, when it is added three times, then it is delivered exactly once more")
    func addWhileProcessing() {
        var machine = Machine()
        #expect(machine.add("a", priority: 0) == .deliver)
        #expect(machine.next()?.key == "a")
        for _ in 0..<3 { #expect(machine.add("a", priority: 0) == .none) }
        #expect(machine.next() == nil)
        #expect(machine.done("a") == .deliver)
        #expect(machine.next()?.key == "a")
        #expect(machine.done("a") == .none)
        #expect(machine.next() == nil)
    }

    @Test("3: given a queued key, when it is added again, then the length is 1 and it is delivered once")
    func addTwice() {
        var machine = Machine()
        #expect(machine.add("a", priority: 0) == .deliver)
        for _ in 0..<4 { #expect(machine.add("a", priority: 0) == .touched) }
        #expect(machine.readyCount == 1)
        #expect(drain(&machine) == ["a"])
    }

    @Test("4: given a key taken and another added, then the length counts what is queued only")
    func length() {
        var machine = Machine()
        _ = machine.add("a", priority: 0)
        _ = machine.next()
        _ = machine.add("b", priority: 0)
        #expect(machine.readyCount == 1)
        _ = machine.add("a", priority: 0)
        #expect(machine.readyCount == 1)
        _ = machine.done("a")
        #expect(machine.readyCount == 2)
    }

    @Test("12: given a key delayed 50 ms, then it is there at 50 ms and not at 49; no delay is at once")
    func delay() {
        var machine = Machine()
        #expect(machine.add("a", priority: 0, after: .milliseconds(50), now: at(0)) == .wake(at(50)))
        #expect(machine.timePassed(now: at(49)) == .none)
        #expect(machine.next() == nil)
        #expect(machine.timePassed(now: at(50)) == .deliver)
        #expect(machine.next()?.key == "a")
        #expect(machine.add("b", priority: 0, after: .zero, now: at(50)) == .deliver)
        #expect(machine.add("c", priority: 0, after: .milliseconds(-1), now: at(50)) == .deliver)
        #expect(drain(&machine) == ["b", "c"])
    }

    @Test("13: given two delays for one key, then it comes once, at the earlier", arguments: [(50, 70), (70, 50)])
    func earliestDelay(first: Int, second: Int) {
        var machine = Machine()
        _ = machine.add("a", priority: 0, after: .milliseconds(first), now: at(0))
        _ = machine.add("a", priority: 0, after: .milliseconds(second), now: at(0))
        #expect(machine.nextAlarm() == at(50))
        _ = machine.timePassed(now: at(50))
        #expect(drain(&machine) == ["a"])
        _ = machine.done("a")
        #expect(machine.nextAlarm() == nil)
        #expect(machine.timePassed(now: at(1000)) == .none)
        #expect(machine.next() == nil)
    }

    @Test("14: given delays in any order, then keys come in the order in which they are due")
    func dueOrder() {
        var machine = Machine()
        for (key, delay) in [("a", 1000), ("b", 50), ("c", 200)] {
            _ = machine.add(key, priority: 0, after: .milliseconds(delay), now: at(0))
        }
        var seen: [String] = []
        while let alarm = machine.nextAlarm() {
            _ = machine.timePassed(now: alarm)
            seen += drain(&machine)
        }
        #expect(seen == ["b", "c", "a"])
    }

    @Test("15: given 1000 delayed keys and a shutdown, then none comes and no moment is left to wait for")
    func shutdownDropsDelayed() {
        var machine = Machine()
        for index in 0..<1000 { _ = machine.add("\(index)", priority: 0, after: .seconds(index + 1), now: at(0)) }
        #expect(machine.shutDown() == .drained)
        #expect(machine.nextAlarm() == nil)
        #expect(machine.timePassed(now: at(10_000_000)) == .none)
        #expect(machine.next() == nil)
    }

    @Test("given a key made ready before its delay again and again, then old moments do not pile up")
    func staleAlarms() {
        var machine = Machine()
        for round in 0..<1000 {
            _ = machine.add("a", priority: 0, after: .seconds(3600), now: at(round))
            _ = machine.add("a", priority: 0)
            #expect(machine.next()?.key == "a")
            _ = machine.done("a")
        }
        #expect(machine.nextAlarm() == nil)
        _ = machine.add("a", priority: 0, after: .seconds(3600), now: at(5000))
        #expect(machine.nextAlarm() == at(3_605_000))
    }

    @Test("19: given priorities 0, 10 and -100, then the highest comes first, and equals in order")
    func priorities() {
        var machine = Machine()
        for (key, priority) in [("a", 0), ("b", 10), ("c", -100), ("d", 10), ("e", 0)] {
            _ = machine.add(key, priority: priority)
        }
        #expect(drain(&machine) == ["b", "d", "a", "e", "c"])
    }

    @Test("20: given a key added at two priorities, then it is delivered once at the higher one")
    func priorityMerges() {
        var machine = Machine()
        _ = machine.add("a", priority: 0)
        _ = machine.add("a", priority: 5)
        #expect(machine.readyCount == 1)
        #expect(taken(from: &machine) == Taken(key: "a", priority: 5))
        #expect(machine.next() == nil)

        var other = Machine()
        _ = other.add("a", priority: 5)
        _ = other.add("b", priority: 5)
        _ = other.add("a", priority: 0)
        #expect(taken(from: &other) == Taken(key: "a", priority: 5))
    }

    @Test("21: given a key raised to a level, then it goes to the end of that level")
    func raisedGoesLast() {
        var machine = Machine()
        _ = machine.add("a", priority: 0)
        _ = machine.add("b", priority: 5)
        _ = machine.add("c", priority: 5)
        _ = machine.add("a", priority: 5)
        #expect(drain(&machine) == ["b", "c", "a"])
    }

    @Test("23: given a waiting key added without a delay, then it is ready; a ready one with a delay stays ready")
    func waitingMerges() {
        var machine = Machine()
        _ = machine.add("a", priority: 3, after: .seconds(10), now: at(0))
        #expect(machine.add("a", priority: 1) == .deliver)
        #expect(machine.add("a", priority: 0, after: .seconds(10), now: at(0)) == .none)
        #expect(taken(from: &machine) == Taken(key: "a", priority: 3))
        #expect(machine.nextAlarm() == nil)
    }

    @Test("24: given a key in processing that is added at 7, then it is delivered once at 7 after that is done")
    func priorityWhileProcessing() {
        var machine = Machine()
        _ = machine.add("a", priority: 0)
        _ = machine.next()
        _ = machine.add("a", priority: 7)
        #expect(machine.next() == nil)
        _ = machine.done("a")
        #expect(taken(from: &machine) == Taken(key: "a", priority: 7))
        #expect(machine.next() == nil)
    }

    @Test("25: given waiting keys only, then the length is 0 and grows as each gets ready")
    func waitingDoesNotCount() {
        var machine = Machine()
        _ = machine.add("a", priority: 0, after: .milliseconds(10), now: at(0))
        _ = machine.add("b", priority: 5, after: .milliseconds(20), now: at(0))
        #expect(machine.readyCount == 0)
        _ = machine.timePassed(now: at(10))
        #expect(machine.readyCount == 1)
        _ = machine.timePassed(now: at(20))
        #expect(machine.readyCount == 2)
    }

    @Test("given a delay that ends while the key is processed, then the key is delivered after that is done")
    func delayEndsWhileProcessing() {
        var machine = Machine()
        _ = machine.add("a", priority: 0)
        _ = machine.next()
        _ = machine.add("a", priority: 0, after: .milliseconds(10), now: at(0))
        #expect(machine.timePassed(now: at(10)) == .none)
        #expect(machine.next() == nil)
        #expect(machine.done("a") == .deliver)
        #expect(machine.next()?.key == "a")
    }

    @Test("given an immediate shutdown, then nothing more is delivered, not even what was added while processing")
    func shutDownNow() {
        var machine = Machine()
        _ = machine.add("a", priority: 0)
        _ = machine.next()
        _ = machine.add("a", priority: 0)
        _ = machine.add("b", priority: 0)
        #expect(machine.shutDownNow() == .none)
        #expect(machine.next() == nil)
        #expect(machine.done("a") == .drained)
        #expect(machine.next() == nil)
    }

    @Test(
        "19: given a steady flow of a higher priority, then a lower key waits for no more than 16 turns for each before it"
    )
    func aging() {
        var machine = WorkQueue<Int>.StateMachine()
        for key in 0..<5 { _ = machine.add(key, priority: -100) }
        var turns: [Int] = []
        for turn in 1...100 {
            _ = machine.add(1000 + turn, priority: 10)
            guard let delivery = machine.next() else { continue }
            if delivery.key < 5 { turns.append(turn) }
            _ = machine.done(delivery.slot)
        }
        #expect(turns == [16, 32, 48, 64, 80])
    }

    @Test("given levels that come and go, then the oldest of all has its turn, whatever its level")
    func agingAmongLevels() {
        var machine = WorkQueue<Int>.StateMachine()
        // Raised: it keeps no place in its old line, so it must not be served for that one.
        _ = machine.add(1, priority: -5)
        _ = machine.add(2, priority: -7)
        _ = machine.add(1, priority: 3)
        for key in 10..<40 { _ = machine.add(key, priority: 5) }
        let keys = (0..<33).compactMap { _ in machine.next()?.key }
        #expect(keys.firstIndex(of: 2) == 15)
        #expect(keys.firstIndex(of: 1) == 31)
        #expect(keys.count == 32 && Set(keys).count == 32)
    }

    @Test("11: given a burst that has passed, then its memory is given back")
    func shrinks() {
        var machine = WorkQueue<Int>.StateMachine()
        for key in 0..<10_000 { _ = machine.add(key, priority: key % 3) }
        for key in 0..<5_000 { _ = machine.add(10_000 + key, priority: 0, after: .seconds(1), now: at(0)) }
        _ = machine.timePassed(now: at(1000))
        var count = 0
        while let delivery = machine.next() {
            _ = machine.done(delivery.slot)
            count += 1
        }
        #expect(count == 15_000)
        #expect(machine.directory.entries.capacity == 0 && machine.directory.buckets.capacity == 0)
        #expect(machine.lines.lines.isEmpty && machine.nextAlarm() == nil)
    }
}

extension WorkQueue.StateMachine {
    /// Ends the processing of a key.
    mutating func done(_ key: Key) -> Action {
        guard let slot = directory.slot(of: key), directory.entries[slot].isProcessing else { return .none }
        return done(slot)
    }
}
