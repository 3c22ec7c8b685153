// SPDX-License-Identifier: Apache-2.0
import CoreMetrics
import Synchronization

/// How often values lay at or below each of some bounds.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    private struct State {
        /// For each bound, the values above the bound before it.
        var counts: [Int]
        var count = 0
        var sum = 0.0
    }

    static let adds = true
    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count)))
    }

    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) {
        let index = bounds.firstIndex { value <= $0 }
        state.withLock { state in
            if let index { state.counts[index] += 1 }
            state.count += 1
            state.sum += value
        }
    }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func fits(_ kind: MetricDescription.Kind) -> Bool { kind == .histogram(bounds: bounds) }
    func write(_ labels: MetricLabels, of name: String, to page: inout MetricsPage) {
        // Copied out, so that whoever records does not wait for the text.
        let state = state.withLock { $0 }
        var below = 0
        for (bound, count) in zip(bounds, state.counts) {
            below += count
            page.sample("\(name)_bucket", labels, Double(below), bound: bound)
        }
        page.sample("\(name)_bucket", labels, Double(state.count), bound: .infinity)
        page.sample("\(name)_sum", labels, state.sum)
        page.sample("\(name)_count", labels, Double(state.count))
    }
}
