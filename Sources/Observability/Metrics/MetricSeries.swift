// SPDX-License-Identifier: Apache-2.0
import CoreMetrics
import Synchronization

/// The values of a metric under one combination of labels.
protocol MetricSeries: AnyObject, Sendable {
    /// Whether what found no place may be added to what else found none: a sum means something, a last value does not.
    static var adds: Bool { get }
    /// Whether it can stand beside others of a kind.
    func fits(_ kind: MetricDescription.Kind) -> Bool
    /// Writes its lines down.
    func write(_ labels: MetricLabels, of name: String, to page: inout MetricsPage)
}

/// A number that only grows.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    static let adds = true
    private let value = Mutex(0.0)

    var current: Double { value.withLock { $0 } }

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) {
        // A counter that goes down looks like a process that has started anew.
        guard amount > 0 else { return }
        value.withLock { $0 += amount }
    }
    func reset() { value.withLock { $0 = 0 } }

    func fits(_ kind: MetricDescription.Kind) -> Bool { kind == .counter }
    func write(_ labels: MetricLabels, of name: String, to page: inout MetricsPage) {
        page.sample(page.counterSampleName(name), labels, current)
    }
}

/// A number that goes up and down.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    static let adds = false
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func fits(_ kind: MetricDescription.Kind) -> Bool { kind == .gauge }
    func write(_ labels: MetricLabels, of name: String, to page: inout MetricsPage) {
        page.sample(name, labels, value.withLock { $0 })
    }
}
