// SPDX-License-Identifier: Apache-2.0
import KubeRuntime
import KubeTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5)))
struct WorkQueueTests {
    @Test("1: given 50 producers and 10 workers, then no key is ever held twice and none comes after the shutdown")
    func neverHeldTwice() async {
        let queue = WorkQueue<Int>()
        let held = Holders()
        let violations = Journal<Int>()
        let taken = Journal<Int>()
        await withTaskGroup { workers in
            for _ in 0..<10 {
                workers.addTask {
                    while let item = await queue.next() {
                        let key = item.key
                        if !held.take(key) { violations.append(key) }
                        taken.append(key)
                        await Task.yield()
                        held.release(key)
                        item.done()
                    }
                }
            }
            await withTaskGroup { producers in
                for _ in 0..<50 {
                    producers.addTask {
                        for key in 0..<50 {
                            queue.add(key)
                            await Task.yield()
                        }
                    }
                }
            }
            queue.shutDown()
            queue.add(1000)
        }
        #expect(violations.entries.isEmpty)
        #expect(Set(taken.entries) == Set(0..<50))
        #expect(await queue.next() == nil)
    }

    @Test("5: given a key taken and added again while another worker waits, when it is done, then that worker gets it")
    func doneWakesWaiter() async {
        let queue = WorkQueue<String>()
        queue.add("a")
        guard let item = await queue.next() else {
            Issue.record("a key was added")
            return
        }
        queue.add("a")
        async let second = nextKey(of: queue)
        item.done()
        #expect(await second == "a")
    }

    @Test("7: given two keys in processing, when drained, then that returns only after both are done")
    func drain() async {
        let queue = WorkQueue<String>()
        queue.add("a")
        queue.add("b")
        let journal = Journal<String>()
        guard let first = await queue.next(), let second = await queue.next() else {
            Issue.record("two keys were added")
            return
        }
        async let drained: Void = {
            await queue.shutDownAndDrain()
            journal.append("drained")
        }()
        await waitUntil { queue.isShutDown }
        queue.add("c")
        journal.append("first")
        first.done()
        journal.append("second")
        second.done()
        await drained
        #expect(journal.entries == ["first", "second", "drained"])
        #expect(await queue.next() == nil)
    }

    @Test(
        "8: given a key added again while it is processed, when drained, then it is delivered and waited for once more"
    )
    func drainDeliversDirty() async {
        let queue = WorkQueue<String>()
        queue.add("a")
        guard let first = await queue.next() else {
            Issue.record("a key was added")
            return
        }
        queue.add("a")
        let journal = Journal<String>()
        async let drained: Void = {
            await queue.shutDownAndDrain()
            journal.append("drained")
        }()
        await waitUntil { queue.isShutDown }
        first.done()
        guard let second = await queue.next() else {
            Issue.record("the key was added again")
            return
        }
        journal.append("second")
        second.done()
        await drained
        #expect(journal.entries == ["second", "drained"])
    }

    @Test("9: given a drain that waits for a stuck worker, when the queue is shut down, then the drain returns")
    func shutdownCutsDrainShort() async {
        let queue = WorkQueue<String>()
        queue.add("a")
        guard let stuck = await queue.next() else {
            Issue.record("a key was added")
            return
        }
        async let drained: Void = queue.shutDownAndDrain()
        await waitUntil { queue.isShutDown }
        queue.shutDown()
        await drained
        stuck.done()
    }

    @Test("10: given queued keys and a shutdown, then they are still delivered, and then everybody gets nil")
    func shutdownDeliversQueued() async {
        let queue = WorkQueue<String>()
        queue.add("a")
        queue.add("b")
        queue.shutDown()
        #expect(await nextKey(of: queue) == "a")
        #expect(await nextKey(of: queue) == "b")
        #expect(await nextKey(of: queue) == nil)
        #expect(await nextKey(of: queue) == nil)
    }

    @Test("26: given parked workers, when the queue is shut down, then all of them get nil")
    func shutdownWakesParked() async {
        for _ in 0..<50 {
            let queue = WorkQueue<String>()
            let ended = await withTaskGroup { group in
                for _ in 0..<20 { group.addTask { await nextKey(of: queue) == nil } }
                queue.shutDown()
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(ended == 20)
        }
    }

    @Test("12: given a delayed key, when the time has come, then a parked worker gets it")
    func delayWakesWorker() async {
        let clock = VirtualClock()
        let queue = WorkQueue<String>(clock: AnyClock(clock))
        async let key = nextKey(of: queue)
        queue.add("a", after: .milliseconds(50))
        await clock.waitForSleepers()
        #expect(clock.nextDelay == .milliseconds(50))
        clock.advance(by: .milliseconds(49))
        #expect(queue.count == 0)
        clock.advance(by: .milliseconds(1))
        #expect(await key == "a")
    }

    @Test("15: given a delayed key and a shutdown, then no timer is left")
    func shutdownEndsTimer() async {
        let clock = VirtualClock()
        let queue = WorkQueue<String>(clock: AnyClock(clock))
        queue.add("a", after: .seconds(5))
        await clock.waitForSleepers()
        queue.shutDown()
        #expect(clock.sleeperCount == 0)
    }

    @Test("given failures, then the delay doubles until the key is forgotten")
    func rateLimited() async {
        let clock = VirtualClock()
        let queue = WorkQueue<String>(clock: AnyClock(clock))
        for expected in [5, 10, 20] {
            queue.addRateLimited("a")
            await clock.waitForSleepers()
            #expect(clock.nextDelay == .milliseconds(expected))
            clock.advance(by: .milliseconds(expected))
            #expect(await nextKey(of: queue) == "a")
        }
        #expect(queue.failures(of: "a") == 3)
        queue.forget("a")
        queue.addRateLimited("a")
        await clock.waitForSleepers()
        #expect(clock.nextDelay == .milliseconds(5))
    }

    @Test("11: given a key that was delivered and done, then the queue holds no reference to it")
    func releasesKeys() async {
        final class Token: Hashable, Sendable {
            static func == (left: Token, right: Token) -> Bool { left === right }
            func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
        }
        let queue = WorkQueue<Token>()
        weak var weakToken: Token?
        do {
            let token = Token()
            weakToken = token
            queue.add(token)
        }
        #expect(weakToken != nil)
        if let item = await queue.next() { item.done() }
        #expect(weakToken == nil)
    }

    @Test(
        "6: given a touch hook, then it is called for each addition of a queued key and for none of one in processing"
    )
    func touch() async {
        let touched = Journal<String>()
        let queue = WorkQueue<String>(onTouch: { touched.append($0) })
        queue.add("a")
        #expect(touched.count == 0)
        queue.add("a")
        queue.add("a", priority: 5)
        #expect(touched.entries == ["a", "a"])
        guard let item = await queue.next() else {
            Issue.record("a key was added")
            return
        }
        queue.add("a")
        queue.add("a")
        #expect(touched.count == 2)
        item.done()
    }

    @Test(
        "22: given a worker that waits and a key that is delayed with a higher priority, then the ready one goes first"
    )
    func delayedPriority() async {
        let clock = VirtualClock()
        let queue = WorkQueue<String>(clock: AnyClock(clock))
        queue.add("a", priority: 5, after: .seconds(10))
        queue.add("b")
        #expect(await nextKey(of: queue) == "b")
        async let key = nextKey(of: queue)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(10))
        #expect(await key == "a")
    }

    @Test("given an item exchanged for the next one, then its key is given back before the next is taken")
    func nextAfter() async {
        let queue = WorkQueue<String>()
        queue.add("a")
        guard let first = await queue.next() else {
            Issue.record("a key was added")
            return
        }
        queue.add("a")
        guard let second = await queue.next(after: first) else {
            Issue.record("the key was added again")
            return
        }
        #expect(second.key == "a")
        // Had the first item given the slot back once more, the drain would not wait for the second.
        let drained = Journal<Void>()
        async let drain: Void = {
            await queue.shutDownAndDrain()
            drained.append(())
        }()
        for _ in 0..<100 { await Task.yield() }
        #expect(drained.count == 0)
        second.done()
        await drain
    }

    @Test("27: given ten tasks that add, delay, take and finish at random, then none is lost and none is held twice")
    func hammer() async {
        let queue = WorkQueue<Int>()
        let held = Holders()
        let taken = Journal<Int>()
        await withTaskGroup { group in
            for seed in 0..<5 {
                group.addTask {
                    while let item = await queue.next() {
                        let key = item.key
                        if !held.take(key) { Issue.record("\(key) is held twice") }
                        taken.append(key)
                        if (key + seed) % 3 == 0 { await Task.yield() }
                        held.release(key)
                        item.done()
                    }
                }
            }
            await withTaskGroup { producers in
                for seed in 0..<5 {
                    producers.addTask {
                        var random = SeededGenerator(seed: UInt64(seed))
                        for _ in 0..<2000 {
                            let key = Int.random(in: 0..<40, using: &random)
                            let priority = Int.random(in: -2..<3, using: &random)
                            switch Int.random(in: 0..<3, using: &random) {
                            case 0: queue.add(key, priority: priority)
                            case 1: queue.add(key, priority: priority, after: .microseconds(key))
                            default: queue.addRateLimited(key, priority: priority)
                            }
                        }
                    }
                }
            }
            for key in 0..<40 { queue.add(key) }
            await queue.shutDownAndDrain()
        }
        #expect(queue.count == 0)
        // What was added last has been delivered after that.
        #expect(Set(taken.entries.suffix(2000)).isSuperset(of: 0..<40))
    }

    @Test("given a parked worker whose task is cancelled, then it gets nil and takes no key away")
    func cancelledWorker() async {
        let queue = WorkQueue<String>()
        let worker = Task { await nextKey(of: queue) }
        worker.cancel()
        #expect(await worker.value == nil)
        queue.add("a")
        #expect(await nextKey(of: queue) == "a")
    }

    @Test("given an item that goes out of scope, then its key counts as done")
    func droppedItem() async {
        let queue = WorkQueue<String>()
        queue.add("a")
        do { _ = await queue.next() }
        queue.add("a")
        #expect(await nextKey(of: queue) == "a")
    }
}

/// The keys that some worker has.
private final class Holders: Sendable {
    private let keys = Mutex<Set<Int>>([])

    /// Returns false if somebody has the key already.
    func take(_ key: Int) -> Bool { keys.withLock { $0.insert(key).inserted } }
    func release(_ key: Int) { keys.withLock { _ = $0.remove(key) } }
}

/// Takes a key and is done with it at once.
func nextKey(of queue: WorkQueue<String>) async -> String? {
    guard let item = await queue.next() else { return nil }
    let key = item.key
    item.done()
    return key
}

/// Lets other tasks run until something is true.
func waitUntil(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
}
