// SPDX-License-Identifier: Apache-2.0
public import CoreMetrics

extension MetricDescription {
    /// Counts one more of what the metric is about.
    /// - Parameters:
    ///   - factory: where metrics go.
    ///   - dimensions: the values of the labels.
    public func increment(in factory: any MetricsFactory, _ dimensions: [(String, String)] = []) {
        Counter(label: name, dimensions: dimensions, factory: factory).increment()
    }
}
