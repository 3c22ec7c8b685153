// SPDX-License-Identifier: Apache-2.0

/// What one metric is about, for those who read it and for the documentation.
public struct MetricDescription: Sendable, Hashable {
    /// What kind of metric it is.
    public enum Kind: Sendable, Hashable {
        /// A number that only grows while the process lives.
        case counter
        /// A number that goes up and down.
        case gauge
        /// How often values lay at or below each of some bounds.
        ///
        /// The bounds ascend. Times are in seconds, as Prometheus' conventions have it.
        case histogram(bounds: [Double])

        /// The word for it in Prometheus' text format and in OpenMetrics.
        public var word: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    /// The metric's name, such as `workqueue_depth`.
    public var name: String
    /// What kind of metric it is.
    public var kind: Kind
    /// The names of its labels.
    public var labels: [String]
    /// One sentence on what it counts.
    public var help: String

    /// Creates a description.
    public init(_ name: String, _ kind: Kind, labels: [String] = [], help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }

    /// Bounds for what mostly takes milliseconds and sometimes a minute, in seconds.
    public static let secondsBounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    /// Bounds for what may take many minutes, in seconds.
    public static let longBounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800]
}
