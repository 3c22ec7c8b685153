// SPDX-License-Identifier: Apache-2.0
import KubeRuntime
import Testing

struct ExponentialRateLimiterTests {
    @Test("16: given a base of 1 ms, then delays double, keys do not affect each other, and forgetting starts again")
    func doubles() {
        var limiter = ExponentialRateLimiter<String>(base: .milliseconds(1), limit: .seconds(1))
        let delays = (0..<5).map { _ in limiter.delay(for: "a") }
        #expect(delays == [1, 2, 4, 8, 16].map { .milliseconds($0) })
        #expect(limiter.failures(of: "a") == 5)
        #expect(limiter.failures(of: "b") == 0)
        #expect(limiter.delay(for: "b") == .milliseconds(1))
        limiter.forget("a")
        #expect(limiter.failures(of: "a") == 0)
        #expect(limiter.delay(for: "a") == .milliseconds(1))
    }

    @Test("17: given many failures, then the delay is never negative and never above the limit")
    func doesNotOverflow() {
        var limiter = ExponentialRateLimiter<String>(base: .milliseconds(1), limit: .seconds(1000))
        var previous = Duration.zero
        for _ in 0..<100_000 {
            let delay = limiter.delay(for: "a")
            #expect(delay >= previous && delay <= .seconds(1000))
            previous = delay
        }
        #expect(previous == .seconds(1000))
    }
}
