// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#endif

/// Notes how long ago something was written when a handler hears of it.
actor LatencyMeter {
    private let count: Int
    private let start = LatencyMeter.now
    private var latencies: [Double] = []
    private var first = ContinuousClock.now

    /// Waits for so many events.
    init(count: Int) {
        self.count = count
        latencies.reserveCapacity(count)
    }

    /// The present as a writer notes it: nanoseconds since 1970.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Takes an event; with the last one, returns p50, p99 and the longest in milliseconds, and the events per second.
    func received(_ written: String?) -> String? {
        let now = Self.now
        // What the initial list brings was written before.
        guard let written = written.flatMap({ Int64($0) }), written >= start, latencies.count < count else {
            return nil
        }
        if latencies.isEmpty { first = .now }
        latencies.append(Double(now - written) / 1e6)
        guard latencies.count == count else { return nil }
        let seconds = first.duration(to: .now) / .seconds(1)
        latencies.sort()
        let percentiles = [latencies[count / 2], latencies[count * 99 / 100], latencies[count - 1]]
        return (percentiles + [Double(count - 1) / seconds]).map { "\($0)" }.joined(separator: " ")
    }
}
