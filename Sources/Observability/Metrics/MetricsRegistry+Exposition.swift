// SPDX-License-Identifier: Apache-2.0
import Synchronization

extension MetricsRegistry {
    /// All metrics as text, ordered by name and labels.
    ///
    /// A metric that has no value yet is not there.
    public func exposition(_ format: MetricsFormat) -> [UInt8] {
        var families = self.families.withLock { Array($0.values) }
        // Read before anything is locked: what is looked up may be behind locks of its own.
        for collector in collectors.withLock({ $0 }) { families.append(collect(collector)) }
        var own = MetricFamily(Self.droppedSeries)
        _ = own.take(.none, limit: 1) { _ in dropped }
        families.append(own)
        families.sort { $0.description.name < $1.description.name }
        var page = MetricsPage(format)
        for family in families where !family.series.isEmpty {
            page.begin(family.description)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(labels, of: family.description.name, to: &page)
            }
        }
        return page.finish()
    }

    private func collect(_ collector: Collector) -> MetricFamily {
        var family = MetricFamily(collector.description)
        let samples = collector.read()
        for sample in samples.prefix(limits.series) {
            let labels = MetricLabels(sample.dimensions, maximumBytes: limits.labelBytes)
            if collector.description.kind == .counter {
                family.take(labels, limit: limits.series) { _ in CounterSeries() }.series.increment(by: sample.value)
            } else {
                family.take(labels, limit: limits.series) { _ in GaugeSeries() }.series.set(sample.value)
            }
        }
        let surplus = samples.count - limits.series
        if surplus > 0 { dropped.increment(by: Int64(surplus)) }
        return family
    }
}
