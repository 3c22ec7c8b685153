// SPDX-License-Identifier: Apache-2.0
import KubeRuntime
import Testing

struct ExponentialRateLimiterTests {
    private let start = AnyClock.Instant(offset: .zero)

    @Test("16: given a base of 1 ms, then delays double, keys do not affect each other, and forgetting starts again")
    func doubles() {
        var limiter = ExponentialRateLimiter<String>(base: .milliseconds(1), limit: .seconds(1))
        let delays = (0..<5).map { _ in limiter.delay(for: "a", now: start) }
        #expect(delays == [1, 2, 4, 8, 16].map { .milliseconds($0) })
        #expect(limiter.failures(of: "a") == 5)
        #expect(limiter.failures(of: "b") == 0)
        #expect(limiter.delay(for: "b", now: start) == .milliseconds(1))
        limiter.forget("a")
        #expect(limiter.failures(of: "a") == 0)
        #expect(limiter.delay(for: "a", now: start) == .milliseconds(1))
    }

    @Test("17: given many failures, then the delay is never negative and never above the limit")
    func doesNotOverflow() {
        var limiter = ExponentialRateLimiter<String>(base: .milliseconds(1), limit: .seconds(1000))
        var previous = Duration.zero
        for _ in 0..<1_000_000 {
            let delay = limiter.delay(for: "a", now: start)
            // An expectation for each of a million would take longer than the limiter.
            if delay < previous || delay > .seconds(1000) { Issue.record("\(delay) after \(previous)") }
            previous = delay
        }
        #expect(previous == .seconds(1000))
    }
}
