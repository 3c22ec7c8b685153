// SPDX-License-Identifier: Apache-2.0
import CoreMetrics

/// The metrics of a ``Controller``, under controller-runtime's names; the queue's are ``WorkQueueMetrics``.
///
/// What is thrown is an error, so there is no count of panics: a trap ends the process.
struct ControllerMetrics: Sendable {
    private let results: [String: Counter]
    private let errors: Counter
    private let terminalErrors: Counter
    private let timeouts: Counter
    private let duration: Timer
    private let activeWorkers: Meter

    init(controller: String, maxConcurrentReconciles: Int, factory: any MetricsFactory) {
        let dimensions = [("controller", controller)]
        func counter(_ name: String, _ more: [(String, String)] = []) -> Counter {
            Counter(label: "controller_runtime_\(name)", dimensions: dimensions + more, factory: factory)
        }
        results = ["success", "error", "requeue", "requeue_after"].reduce(into: [:]) { results, result in
            results[result] = counter("reconcile_total", [("result", result)])
        }
        errors = counter("reconcile_errors_total")
        terminalErrors = counter("terminal_reconcile_errors_total")
        timeouts = counter("reconcile_timeouts_total")
        duration = Timer(
            label: "controller_runtime_reconcile_time_seconds",
            dimensions: dimensions,
            factory: factory
        )
        activeWorkers = Meter(label: "controller_runtime_active_workers", dimensions: dimensions, factory: factory)
        activeWorkers.set(0)
        Gauge(label: "controller_runtime_max_concurrent_reconciles", dimensions: dimensions, factory: factory)
            .record(maxConcurrentReconciles)
    }

    func began() { activeWorkers.increment() }
    func ended() { activeWorkers.decrement() }

    func record(_ record: ReconcileRecord, isTimeout: Bool) {
        duration.record(record.duration)
        if isTimeout { timeouts.increment() }
        switch record.outcome {
        case .success, .requeue, .requeueAfter: results[record.outcome.rawValue]?.increment()
        case .error, .terminalError:
            results["error"]?.increment()
            errors.increment()
            if record.outcome == .terminalError { terminalErrors.increment() }
        }
    }
}
