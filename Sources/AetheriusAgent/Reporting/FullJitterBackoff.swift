// SPDX-License-Identifier: Apache-2.0
import KubeRuntime

/// How long to wait after a failure: anything up to a limit that doubles with each failure ("full jitter").
///
/// Clients that lost the same server at the same moment come back spread over the whole time.
struct FullJitterBackoff: Sendable, Hashable {
    /// The limit after the first failure.
    var initial = Duration.seconds(1)
    /// The largest limit.
    var maximum = Duration.seconds(60)
    /// After this time of success the first limit counts again.
    var resetAfter = Duration.seconds(60)

    private var failures = 0
    private var healthySince: AnyClock.Instant?

    init() {}

    /// Notes a success.
    mutating func succeeded(at now: AnyClock.Instant) {
        if healthySince == nil { healthySince = now }
    }

    /// The delay after one more failure.
    /// - Parameters:
    ///   - retryAfter: how long the server asks to wait; the delay is never shorter.
    ///   - random: from 0 (included) to 1 (excluded).
    mutating func failed(at now: AnyClock.Instant, retryAfter: Duration?, random: Double) -> Duration {
        if let healthySince, healthySince.duration(to: now) >= resetAfter { failures = 0 }
        healthySince = nil
        let limit = min(initial * (1 << min(failures, 16)), maximum)
        failures = min(failures + 1, 16)
        // A share on top, so that those who were asked to wait equally long do not come back at the same moment.
        if let retryAfter { return retryAfter + min(limit, retryAfter / 4) * random }
        return limit * random
    }
}
