// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Keeps the metrics of a process and writes them down for Prometheus.
///
/// It is a swift-metrics factory, so whatever reports there can report here. Metrics that are not described beforehand
/// are kept too: counters and gauges as such, timers and other distributions as histograms.
///
/// ```swift
/// let registry = MetricsRegistry(describing: [
///     MetricDescription("tasks_total", .counter, labels: ["phase"], help: "Tasks that have ended.")
/// ])
/// Counter(label: "tasks_total", dimensions: [("phase", "Completed")], factory: registry).increment()
/// let text = registry.exposition(.prometheusText)
/// ```
///
/// There are ready backends for swift-metrics, and none of them does two things that an operator needs: a bound on the
/// combinations of label values, because these come from the objects of a cluster, and OpenMetrics. Everything that
/// grows here has a bound: ``Limits``. What finds no place is added up under the label value `other`, or left out
/// where a sum has no meaning, and `metrics_dropped_series_total` counts it.
public final class MetricsRegistry: Sendable {
    /// How much a registry keeps.
    public struct Limits: Sendable, Hashable {
        /// The most different names.
        public var metrics: Int
        /// The most combinations of label values of one name, besides the one for all others.
        public var series: Int
        /// The most bytes of a label's value; the rest is cut off.
        public var labelBytes: Int

        /// Creates limits.
        public init(metrics: Int = 500, series: Int = 1000, labelBytes: Int = 256) {
            self.metrics = metrics
            self.series = series
            self.labelBytes = labelBytes
        }
    }

    /// A value that is looked up when somebody asks for the metrics.
    public struct Sample: Sendable {
        var dimensions: [(String, String)]
        var value: Double

        /// Creates a sample.
        public init(_ value: Double, _ dimensions: (String, String)...) {
            self.dimensions = dimensions
            self.value = value
        }
    }

    struct Collector: Sendable {
        let description: MetricDescription
        let read: @Sendable () -> [Sample]
    }

    /// The counter of label values that found no place.
    public static let droppedSeries = MetricDescription(
        "metrics_dropped_series_total",
        .counter,
        help: "How often a combination of label values was not kept because there are too many of them."
    )

    /// How much is kept.
    public let limits: Limits
    let families: Mutex<[String: MetricFamily]>
    let collectors = Mutex<[Collector]>([])
    let dropped = CounterSeries()

    /// Creates a registry without values.
    /// - Parameters:
    ///   - descriptions: what is known about the metrics beforehand; of two with one name the last one counts.
    ///   - limits: how much is kept.
    public init(describing descriptions: [MetricDescription] = [], limits: Limits = Limits()) {
        self.limits = limits
        let named = descriptions.map { ($0.name, MetricFamily($0)) }
        families = Mutex(Dictionary(named) { _, last in last })
    }

    /// Adds a gauge or counter whose values are looked up each time somebody asks for them.
    /// - Parameters:
    ///   - description: what it is about. What was added under its name before is replaced; its name must not be that of
    ///     a metric of another kind.
    ///   - read: tells the values; it must be quick. Of more values than ``Limits/series`` the last ones are left out.
    public func collect(_ description: MetricDescription, _ read: @escaping @Sendable () -> [Sample]) {
        collectors.withLock { collectors in
            collectors.removeAll { $0.description.name == description.name }
            collectors.append(Collector(description: description, read: read))
        }
    }

    /// The series of a name and labels, which is made if there is none yet.
    func series<Series: MetricSeries>(
        _ label: String,
        _ dimensions: [(String, String)],
        as kind: MetricDescription.Kind,
        make: (MetricDescription.Kind) -> Series
    ) -> Series {
        let name = PrometheusName.metric(label)
        let labels = MetricLabels(dimensions, maximumBytes: limits.labelBytes)
        let taken = families.withLock { families -> (series: Series, isDropped: Bool) in
            guard families[name] != nil || families.count < limits.metrics else { return (make(kind), true) }
            return families[name, default: MetricFamily(MetricDescription(name, kind, help: ""))]
                .take(labels, limit: limits.series, make: make)
        }
        if taken.isDropped { dropped.increment(by: Int64(1)) }
        return taken.series
    }

    func remove(_ handler: AnyObject) {
        families.withLock { families in
            for name in families.keys { families[name]?.remove(handler) }
        }
    }
}
