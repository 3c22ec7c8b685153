// SPDX-License-Identifier: Apache-2.0

/// The series of one metric.
struct MetricFamily {
    let description: MetricDescription
    private(set) var series: [MetricLabels: any MetricSeries] = [:]

    init(_ description: MetricDescription) { self.description = description }

    /// The series for some labels, which is made if there is none yet.
    /// - Parameters:
    ///   - limit: how many series there may be, besides the one for all others.
    ///   - make: makes a series of the metric's kind.
    /// - Returns: the series, and whether these labels have found no place.
    mutating func take<Series: MetricSeries>(
        _ labels: MetricLabels,
        limit: Int,
        make: (MetricDescription.Kind) -> Series
    ) -> (series: Series, isDropped: Bool) {
        if let known = series[labels] as? Series { return (known, false) }
        let new = make(description.kind)
        // Two meanings under one name cannot both be written down: the first one stays.
        guard new.fits(description.kind) else { return (new, true) }
        if series.count < limit {
            series[labels] = new
            return (new, false)
        }
        guard Series.adds else { return (new, true) }
        if let other = series[labels.overflow] as? Series { return (other, true) }
        series[labels.overflow] = new
        return (new, true)
    }

    /// Lets go of a series.
    mutating func remove(_ handler: AnyObject) {
        guard let labels = series.first(where: { $0.value === handler })?.key else { return }
        series[labels] = nil
    }
}
