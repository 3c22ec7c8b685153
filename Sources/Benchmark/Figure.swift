// SPDX-License-Identifier: Apache-2.0
import JSON

/// One measured value, with what it is to be compared to.
struct Figure {
    /// What is measured.
    var name: String
    /// The result.
    var value: Double
    /// What the result and those beside it are counted in, such as `MB/s`.
    var unit: String
    /// Other results of the same measurement, each with its unit in the name, such as `milliseconds`.
    var details: [(name: String, value: Double)] = []
    /// The same for others that do the same work.
    var beside: [(name: String, value: Double)] = []
    /// How many times better this is than the best one beside it.
    var ratio: Double?

    /// The figure as a line of JSON.
    var line: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("name", name)
            writer.field("value", rounded(value))
            writer.field("unit", unit)
            for detail in details {
                writer.key(detail.name)
                writer.double(rounded(detail.value))
            }
            if !beside.isEmpty {
                writer.field(
                    "beside",
                    object: { writer in
                        for other in beside {
                            writer.key(other.name)
                            writer.double(rounded(other.value))
                        }
                    }
                )
            }
            writer.field("ratio", ratio.map(rounded))
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Two decimal places: more would only be noise.
    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
