// SPDX-License-Identifier: Apache-2.0

/// The text of metrics, while it is written.
struct MetricsPage {
    private let format: MetricsFormat
    private var bytes: [UInt8] = []

    init(_ format: MetricsFormat) { self.format = format }

    /// Begins the lines of a metric.
    mutating func begin(_ description: MetricDescription) {
        // OpenMetrics names a counter without the ending that its samples have.
        let isBare = format == .openMetrics && description.kind == .counter && description.name.hasSuffix("_total")
        let name = isBare ? String(description.name.dropLast("_total".count)) : description.name
        if !description.help.isEmpty {
            add("# HELP \(name) \(Self.escaped(description.help, quotes: format == .openMetrics))\n")
        }
        add("# TYPE \(name) \(description.kind.word)\n")
    }

    /// The name that a counter's sample has to have.
    func counterSampleName(_ name: String) -> String {
        format == .openMetrics && !name.hasSuffix("_total") ? "\(name)_total" : name
    }

    /// Adds one value.
    /// - Parameter bound: the upper bound that the value counts up to, for a histogram.
    mutating func sample(_ name: String, _ labels: MetricLabels, _ value: Double, bound: Double? = nil) {
        var words = labels.pairs.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
        if let bound { words.append("le=\"\(self.bound(bound))\"") }
        add(words.isEmpty ? "\(name) " : "\(name){\(words.joined(separator: ","))} ")
        add("\(Self.number(value))\n")
    }

    /// The whole text.
    consuming func finish() -> [UInt8] {
        if format == .openMetrics { add("# EOF\n") }
        return bytes
    }

    private mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// OpenMetrics compares bounds as text, and wants a whole one with its fraction.
    private func bound(_ value: Double) -> String {
        format == .openMetrics && value.isFinite ? "\(value)" : Self.number(value)
    }

    /// Numbers as Go writes them, which both formats take as their model.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 9e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
