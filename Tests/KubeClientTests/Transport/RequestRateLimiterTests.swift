// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@testable import KubeClient

@Suite("The limit of requests in a time", .timeLimit(.minutes(5)))
struct RequestRateLimiterTests {
    private typealias Machine = RequestRateLimiter.StateMachine

    @Test("given a full bucket, when more come than it holds, then the rest stand in line in their order")
    func burst() {
        var machine = Machine(rate: 10, burst: 3)
        for id in 1...3 { #expect(machine.enter(id, now: .zero) == .taken) }
        #expect(machine.enter(4, now: .zero) == .sleep(.milliseconds(100)))
        #expect(machine.enter(5, now: .zero) == nil)
        #expect(machine.enter(6, now: .milliseconds(50)) == nil)

        let (turn, next) = machine.slept(4, now: .milliseconds(100))
        #expect(turn == .taken)
        #expect(next == .init(id: 5, turn: .sleep(.milliseconds(100))))
        // Who comes later does not overtake, even if there is a token.
        #expect(machine.enter(7, now: .milliseconds(200)) == nil)
        #expect(machine.slept(5, now: .milliseconds(200)).1?.id == 6)
        #expect(machine.slept(6, now: .milliseconds(300)).1?.id == 7)
        #expect(machine.slept(7, now: .milliseconds(400)) == (.taken, nil))
    }

    @Test("given a sleep that ends too early, when there is no token yet, then it goes on for the rest")
    func earlyWaking() {
        var machine = Machine(rate: 10, burst: 1)
        #expect(machine.enter(1, now: .zero) == .taken)
        #expect(machine.enter(2, now: .zero) == .sleep(.milliseconds(100)))
        #expect(machine.slept(2, now: .milliseconds(75)) == (.sleep(.milliseconds(25)), nil))
        #expect(machine.slept(2, now: .milliseconds(100)) == (.taken, nil))
    }

    @Test("given an idle time, when it is long, then the bucket holds no more than its size")
    func capacity() {
        var machine = Machine(rate: 1000, burst: 2)
        #expect(machine.enter(1, now: .seconds(3600)) == .taken)
        #expect(machine.enter(2, now: .seconds(3600)) == .taken)
        #expect(machine.enter(3, now: .seconds(3600)) == .sleep(.milliseconds(1)))
    }

    @Test("given a line, when somebody in it leaves, then the others move up, and no token is lost")
    func leaving() {
        var machine = Machine(rate: 10, burst: 1)
        #expect(machine.enter(1, now: .zero) == .taken)
        for id in 2...5 { _ = machine.enter(id, now: .zero) }
        #expect(machine.cancel(4, now: .zero) == nil)
        #expect(machine.cancel(2, now: .milliseconds(40)) == .init(id: 3, turn: .sleep(.milliseconds(60))))
        let (turn, next) = machine.slept(3, now: .milliseconds(100))
        #expect(turn == .taken)
        #expect(next?.id == 5)
        #expect(machine.cancel(5, now: .milliseconds(150)) == nil)
        #expect(machine.enter(6, now: .milliseconds(200)) == .taken)
    }

    @Test("given 60 requests at once, when they run under a limit, then none is faster than the limit allows")
    func realTime() async throws {
        let limiter = RequestRateLimiter(requestsPerSecond: 200, burst: 10)
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<60 { group.addTask { try await limiter.acquire() } }
            try await group.waitForAll()
        }
        #expect(ContinuousClock.now - start >= .milliseconds(240))
    }

    @Test("given tasks in line, when they are cancelled, then they end at once and those behind them still get a turn")
    func cancellation() async throws {
        // A token comes each two minutes.
        let limiter = RequestRateLimiter(requestsPerSecond: 1.0 / 120, burst: 1)
        try await limiter.acquire()
        let tasks = (0..<50).map { _ in
            Task { try await failure { () async throws(KubeError) in try await limiter.acquire() } }
        }
        for task in tasks.shuffled() { task.cancel() }
        for task in tasks {
            let outcome = try await task.value
            #expect(outcome.code == .cancelled)
        }

        let quick = RequestRateLimiter(requestsPerSecond: 100, burst: 1)
        let mixed = (0..<40).map { _ in Task { () -> Bool in (try? await quick.acquire()) != nil } }
        for index in stride(from: 0, to: 40, by: 2) { mixed[index].cancel() }
        for index in stride(from: 1, to: 40, by: 2) { #expect(await mixed[index].value) }
    }

    @Test("given two clients with one limiter, when both call, then they are limited together, and a third is not")
    func shared() async throws {
        let limiter = RequestRateLimiter(requestsPerSecond: 1.0 / 120, burst: 2)
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(200, "{}") }) { _, client in
            let first = client.limited(by: limiter)
            let second = try KubernetesClient(configuration: client.configuration, rateLimiter: limiter)
            _ = try await first.get(path: "/1")
            _ = try await second.get(path: "/2")
            let task = Task { try await failure { () async throws(KubeError) in try await first.get(path: "/3") } }
            _ = try await client.limited(by: nil).get(path: "/4")
            task.cancel()
            let outcome = try await task.value
            #expect(outcome.code == .cancelled)
        }
    }
}
