// SPDX-License-Identifier: Apache-2.0
import KubeClient
import KubeRuntime
import Testing

@testable import AetheriusAgent

@Suite("When an agent writes its report")
struct ReportScheduleTests {
    private func at(_ seconds: Double) -> AnyClock.Instant { AnyClock.Instant(offset: .seconds(seconds)) }

    @Test("given nothing new, then nothing is written, however long that is")
    func unchanged() {
        var schedule = ReportSchedule()
        #expect(!schedule.isDue(.none, at: at(0)))
        schedule.began(at: at(0))
        schedule.succeeded(at: at(0))
        #expect(!schedule.isDue(.none, at: at(86400)))
    }

    @Test("given news, then it is written at once, but not within five seconds of the last write")
    func news() {
        var schedule = ReportSchedule()
        #expect(schedule.isDue(.news, at: at(0)))
        schedule.began(at: at(0))
        schedule.succeeded(at: at(0))
        #expect(!schedule.isDue(.news, at: at(4.9)))
        #expect(schedule.isDue(.news, at: at(5)))
    }

    @Test("given new numbers, then they wait for the interval")
    func routine() {
        var schedule = ReportSchedule()
        schedule.routineInterval = .seconds(120)
        #expect(schedule.isDue(.routine, at: at(0)))
        schedule.began(at: at(0))
        schedule.succeeded(at: at(0))
        #expect(!schedule.isDue(.routine, at: at(119)))
        #expect(schedule.isDue(.routine, at: at(120)))
    }

    @Test("given news all the time, then no minute sees more than twelve tries")
    func bounded() {
        var schedule = ReportSchedule()
        var tries: [Double] = []
        for tenth in 0..<6000 where schedule.isDue(.news, at: at(Double(tenth) / 10)) {
            tries.append(Double(tenth) / 10)
            schedule.began(at: at(Double(tenth) / 10))
            schedule.succeeded(at: at(Double(tenth) / 10))
        }
        #expect(tries.count > 100)
        for first in tries { #expect(tries.count { $0 >= first && $0 < first + 60 } <= 12) }
    }

    @Test("given a hub that is away, then the waits grow to a minute, and news does not shorten them")
    func backoff() {
        var schedule = ReportSchedule()
        let error = KubeError(code: .connection, message: "away")
        var delays: [Duration] = []
        for number in 0..<10 {
            let now = at(Double(number) * 1000)
            schedule.began(at: now)
            delays.append(schedule.failed(error, at: now, random: 0.999))
        }
        #expect(delays.first.map { $0 < .seconds(1) } ?? false)
        #expect(delays.last.map { $0 > .seconds(59) && $0 <= .seconds(60) } ?? false)
        #expect(!schedule.isDue(.news, at: at(9000 + 59)))
        #expect(schedule.isDue(.news, at: at(9000 + 60)))
    }

    @Test("given a server that asks to wait, then the wait is never shorter")
    func retryAfter() {
        var backoff = FullJitterBackoff()
        for random in [0, 0.5, 0.999] {
            let delay = backoff.failed(at: at(0), retryAfter: .seconds(30), random: random)
            #expect(delay >= .seconds(30))
            #expect(delay <= .seconds(38))
        }
    }

    @Test(
        "given failures, then the delay is anything up to a limit that doubles, and starts anew after a minute of success"
    )
    func reset() {
        var backoff = FullJitterBackoff()
        #expect(backoff.failed(at: at(0), retryAfter: nil, random: 0) == .zero)
        #expect(backoff.failed(at: at(1), retryAfter: nil, random: 0.5) == .seconds(1))
        #expect(backoff.failed(at: at(2), retryAfter: nil, random: 0.5) == .seconds(2))
        backoff.succeeded(at: at(3))
        #expect(backoff.failed(at: at(10), retryAfter: nil, random: 0.5) == .seconds(4))
        backoff.succeeded(at: at(11))
        backoff.succeeded(at: at(70))
        #expect(backoff.failed(at: at(71), retryAfter: nil, random: 0.5) == .milliseconds(500))
    }
}
