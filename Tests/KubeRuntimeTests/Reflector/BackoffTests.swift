// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KubeRuntime

struct BackoffTests {
    private func at(_ seconds: Double) -> AnyClock.Instant { AnyClock.Instant(offset: .seconds(seconds)) }

    @Test("47: given failures in a row, then delays double from 0.8 s up to 30 s, and jitter adds up to as much again")
    func grows() {
        var backoff = Backoff()
        let delays = (0..<8).map { backoff.delay(now: at(Double($0)), random: 0) }
        #expect(delays == [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000].map { .milliseconds($0) })
        var jittered = Backoff()
        #expect(jittered.delay(now: at(0), random: 0.5) == .milliseconds(1200))
        #expect(jittered.delay(now: at(0), random: 0.75) == .milliseconds(2800))
    }

    @Test("47: given 120 s without a failure, then the first delay counts again, and not a moment earlier")
    func resets() {
        var backoff = Backoff()
        _ = backoff.delay(now: at(0), random: 0)
        #expect(backoff.delay(now: at(120), random: 0) == .milliseconds(1600))
        #expect(backoff.delay(now: at(240.1), random: 0) == .milliseconds(800))
    }
}
