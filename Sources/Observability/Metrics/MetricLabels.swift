// SPDX-License-Identifier: Apache-2.0

/// One combination of label values.
struct MetricLabels: Hashable, Comparable {
    struct Pair: Hashable {
        let name: String
        let value: String
    }

    /// The labels, ordered by name.
    let pairs: [Pair]

    static let none = MetricLabels([], maximumBytes: 0)

    /// - Parameter maximumBytes: how long a value may be; the rest of it is cut off.
    init(_ dimensions: [(String, String)], maximumBytes: Int) {
        pairs =
            dimensions
            .map { Pair(name: PrometheusName.label($0.0), value: Self.bounded($0.1, maximumBytes)) }
            .sorted { $0.name < $1.name }
    }

    private init(pairs: [Pair]) { self.pairs = pairs }

    /// The same labels, all with the value that stands for everything that found no place.
    var overflow: MetricLabels { MetricLabels(pairs: pairs.map { Pair(name: $0.name, value: "other") }) }

    static func < (left: MetricLabels, right: MetricLabels) -> Bool {
        left.pairs.lexicographicallyPrecedes(right.pairs) { ($0.name, $0.value) < ($1.name, $1.value) }
    }

    private static func bounded(_ value: String, _ maximumBytes: Int) -> String {
        guard value.utf8.count > maximumBytes else { return value }
        var end = value.utf8.index(value.startIndex, offsetBy: maximumBytes)
        while end > value.startIndex, end.samePosition(in: value.unicodeScalars) == nil {
            end = value.utf8.index(before: end)
        }
        return String(value[..<end])
    }
}

/// What Prometheus takes for a name.
///
/// The rules are those of its data model before version 3, which every reader understands.
enum PrometheusName {
    /// Makes a metric's name valid.
    static func metric(_ name: String) -> String { valid(name, extra: UInt8(ascii: ":")) }
    /// Makes a label's name valid.
    static func label(_ name: String) -> String { valid(name, extra: nil) }

    private static func valid(_ name: String, extra: UInt8?) -> String {
        func fits(_ byte: UInt8, _ isFirst: Bool) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
            default: byte == extra
            }
        }
        guard !name.isEmpty else { return "_" }
        if name.utf8.enumerated().allSatisfy({ fits($1, $0 == 0) }) { return name }
        var bytes = name.utf8.map { fits($0, false) ? $0 : UInt8(ascii: "_") }
        if !fits(bytes[0], true) { bytes.insert(UInt8(ascii: "_"), at: 0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
