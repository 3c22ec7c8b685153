// SPDX-License-Identifier: Apache-2.0
import KubeRuntime
import Testing

struct RateLimiterTests {
    private let start = AnyClock.Instant(offset: .zero)

    @Test("18: given limiters combined by the longest delay, then that counts, and forgetting goes to all of them")
    func maximum() {
        var limiter = MaximumRateLimiter<String>([
            FastSlowRateLimiter(fast: .milliseconds(5), slow: .seconds(9), fastAttempts: 1),
            FastSlowRateLimiter(fast: .seconds(3), slow: .seconds(3), fastAttempts: 1),
        ])
        #expect(limiter.delay(for: "a", now: start) == .seconds(3))
        #expect(limiter.delay(for: "a", now: start) == .seconds(9))
        #expect(limiter.failures(of: "a") == 2)
        limiter.forget("a")
        #expect(limiter.failures(of: "a") == 0)
        #expect(limiter.delay(for: "a", now: start) == .seconds(3))
    }

    @Test("given a bucket, then a burst passes at once, the rest is spread, and pauses fill it up again but not over")
    func tokenBucket() {
        var limiter = TokenBucketRateLimiter<String>(rate: 10, burst: 3)
        let delays = (0..<5).map { limiter.delay(for: "\($0)", now: start) }
        #expect(delays == [.zero, .zero, .zero, .milliseconds(100), .milliseconds(200)])
        let later = start.advanced(by: .milliseconds(300))
        #expect(limiter.delay(for: "a", now: later) == .zero)
        #expect(limiter.delay(for: "a", now: later) == .milliseconds(100))
        let muchLater = start.advanced(by: .seconds(3600))
        let again = (0..<4).map { _ in limiter.delay(for: "a", now: muchLater) }
        #expect(again == [.zero, .zero, .zero, .milliseconds(100)])
    }

    @Test("17: given a bucket with a longest delay, then however many fail at once, none waits for longer")
    func capped() {
        var limiter = CappedRateLimiter<String>(TokenBucketRateLimiter(rate: 1, burst: 1), maximumDelay: .seconds(60))
        let delays = (0..<10_000).map { _ in limiter.delay(for: "a", now: start) }
        #expect(delays[..<3] == [.zero, .seconds(1), .seconds(2)])
        #expect(delays.max() == .seconds(60) && delays.min() == .zero)
    }
}
