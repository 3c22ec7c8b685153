// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime
import Testing

@testable import AetheriusOperator

@Suite("What is observed of heartbeats")
struct HeartbeatBookTests {
    private static let limit = Duration.seconds(90)
    private var book = HeartbeatBook()

    private func moment(_ seconds: Int) -> AnyClock.Instant { AnyClock.Instant(offset: .seconds(seconds)) }

    private mutating func record(
        _ holder: String,
        _ agentTime: Int64?,
        at seconds: Int,
        isInitial: Bool = false
    ) -> Bool {
        book.record(
            Beat(holder: holder, renewTime: agentTime.map { Timestamp(seconds: $0) }),
            of: "edge",
            isInitial: isInitial,
            at: moment(seconds),
            Timestamp(seconds: 1_000_000 + Int64(seconds))
        )
    }

    private mutating func observation(at seconds: Int) -> HeartbeatObservation {
        book.observation(of: "edge", limit: Self.limit, at: moment(seconds))
    }

    @Test("given nothing, then the heartbeat is awaited from the moment at which somebody asks")
    mutating func awaited() {
        #expect(observation(at: 10) == HeartbeatObservation(state: .awaited, age: .zero))
        #expect(observation(at: 25).age == .seconds(15))
    }

    @Test("given an empty Lease, then that is no goodbye")
    mutating func empty() {
        _ = record("", nil, at: 0)
        #expect(observation(at: 1).state == .awaited)
    }

    @Test("given beats, then the first one is news, the next ones are not, and each begins the time anew")
    mutating func beats() {
        let first = record("a", 5, at: 0)
        let second = record("a", 35, at: 30)
        #expect(first && !second)
        let observation = observation(at: 40)
        #expect(observation.state == .beating)
        #expect(observation.age == .seconds(10))
        #expect(observation.observedAt == Timestamp(seconds: 1_000_030))
    }

    @Test(
        "given an agent whose clock is hours off or goes backwards, then it is as alive as any",
        arguments: [-3600, 3600]
    )
    mutating func clock(offset: Int64) {
        _ = record("a", 1_000_000 + offset, at: 0)
        _ = record("a", 1_000_000 - offset, at: 60)
        #expect(observation(at: 100).age == .seconds(40))
    }

    @Test("given the same Lease again, as after a new list, then no beat has come")
    mutating func repeated() {
        _ = record("a", 5, at: 0)
        let isNews = record("a", 5, at: 50)
        #expect(!isNews)
        #expect(observation(at: 60).age == .seconds(60))
    }

    @Test("given a Lease that was there before this process, then its age counts from now and is only assumed")
    mutating func restart() {
        _ = record("a", 5, at: 1000, isInitial: true)
        #expect(observation(at: 1020) == HeartbeatObservation(state: .assumed, age: .seconds(20)))
        let isNews = record("a", 35, at: 1030)
        #expect(isNews)
        #expect(observation(at: 1030).state == .beating)
    }

    @Test(
        "given a goodbye, then the agent has left at once, also if that was before this process",
        arguments: [true, false]
    )
    mutating func goodbye(isInitial: Bool) {
        if !isInitial { _ = record("a", 5, at: 0) }
        let isNews = record("", 5, at: 7, isInitial: isInitial)
        #expect(isNews)
        #expect(observation(at: 8).state == .left)
        let isBack = record("b", 9, at: 9)
        #expect(isBack)
        #expect(observation(at: 9).state == .beating)
    }

    @Test("given a Lease that somebody deleted, then the new one is no goodbye, and the time goes on")
    mutating func newLease() {
        _ = record("a", 5, at: 0)
        _ = record("", nil, at: 10)
        #expect(
            observation(at: 30) == .init(state: .beating, age: .seconds(30), observedAt: Timestamp(seconds: 1_000_000))
        )
    }

    @Test("given a silence that somebody has been told of, then the next beat is news")
    mutating func overdue() {
        _ = record("a", 5, at: 0)
        #expect(observation(at: 90).age >= Self.limit)
        let isNews = record("a", 100, at: 100)
        let isNewsAgain = record("a", 130, at: 130)
        #expect(isNews && !isNewsAgain)
    }

    @Test("given another instance of the agent, then that is news")
    mutating func otherHolder() {
        _ = record("a", 5, at: 0)
        let isNews = record("b", 6, at: 1)
        #expect(isNews)
    }

    @Test("given an agent that is gone, then nothing is kept of it")
    mutating func forgotten() {
        _ = record("a", 5, at: 0)
        book.forget("edge")
        #expect(observation(at: 50) == HeartbeatObservation(state: .awaited, age: .zero))
    }
}
