// SPDX-License-Identifier: Apache-2.0
public import CoreMetrics

/// The metrics of a ``WorkQueue``, under the names that client-go and controller-runtime use.
///
/// | Metric | Kind | What |
/// |---|---|---|
/// | `workqueue_depth` | meter | the keys that are ready, by `priority` |
/// | `workqueue_adds_total` | counter | the keys that got ready, or were added while they were worked on |
/// | `workqueue_retries_total` | counter | the keys that were added with a delay |
/// | `workqueue_queue_duration_seconds` | timer | from getting ready to being taken |
/// | `workqueue_work_duration_seconds` | timer | from being taken to being done |
/// | `workqueue_unfinished_work_seconds` | gauge | the time that what is being worked on has taken, all together |
/// | `workqueue_longest_running_processor_seconds` | gauge | the longest of these times |
///
/// Each carries `name` and `controller`. At most ``maximumPriorities`` different values of `priority` are told apart;
/// all others count as `other`. The buckets of the histograms are the backend's choice. The handlers are called under
/// the queue's lock: they must not block, nor call the queue.
public struct WorkQueueMetrics: Sendable {
    /// How many values the label `priority` may have, besides `other`.
    public static let maximumPriorities = 25

    let factory: any MetricsFactory
    let dimensions: [(String, String)]
    let adds: Counter
    let retries: Counter
    let queueDuration: Timer
    let workDuration: Timer
    let unfinishedWork: Gauge
    let longestRunning: Gauge

    /// Creates the metrics of a queue.
    /// - Parameters:
    ///   - name: the queue's name; that of its controller if it has one.
    ///   - factory: where the metrics go.
    public init(name: String, factory: any MetricsFactory) {
        let dimensions = [("name", name), ("controller", name)]
        self.factory = factory
        self.dimensions = dimensions
        adds = Counter(label: "workqueue_adds_total", dimensions: dimensions, factory: factory)
        retries = Counter(label: "workqueue_retries_total", dimensions: dimensions, factory: factory)
        queueDuration = Timer(label: "workqueue_queue_duration_seconds", dimensions: dimensions, factory: factory)
        workDuration = Timer(label: "workqueue_work_duration_seconds", dimensions: dimensions, factory: factory)
        unfinishedWork = Gauge(label: "workqueue_unfinished_work_seconds", dimensions: dimensions, factory: factory)
        longestRunning = Gauge(
            label: "workqueue_longest_running_processor_seconds",
            dimensions: dimensions,
            factory: factory
        )
    }

    func depth(priority: String) -> Meter {
        Meter(label: "workqueue_depth", dimensions: dimensions + [("priority", priority)], factory: factory)
    }
}
