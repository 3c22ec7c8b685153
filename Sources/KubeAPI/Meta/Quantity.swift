// SPDX-License-Identifier: Apache-2.0
public import JSON

/// An amount of a resource, such as `500m`, `1Gi` or `1e3` (`resource.Quantity`).
///
/// It is held exactly, in billionths: the API knows nothing finer and rounds up to that. Amounts too large for 63 bits
/// of whole units count as the largest one, as on the server.
public struct Quantity: Sendable, Hashable, Comparable {
    /// The amount in billionths.
    public let nanos: Int128

    private static let scale: Int128 = 1_000_000_000
    private static let largest = Int128(Int64.max) * scale

    /// Nothing.
    public static let zero = Quantity(nanos: 0)

    /// Creates an amount of billionths.
    public init(nanos: Int128) { self.nanos = min(max(nanos, -Self.largest), Self.largest) }

    /// Creates an amount of whole units.
    public init(_ value: Int64) { self.init(nanos: Int128(value) * Self.scale) }

    public static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }

    /// The sum.
    public static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(nanos: left.nanos + right.nanos)
    }

    /// The difference, which may be negative.
    public static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(nanos: left.nanos - right.nanos)
    }

    /// Adds the right quantity to the left one.
    public static func += (left: inout Quantity, right: Quantity) { left = left + right }

    /// The amount in whole units, rounded up.
    public var value: Int64 { Int64(clamping: Self.ceiling(nanos, Self.scale)) }

    /// The amount in thousandths, rounded up.
    public var milliValue: Int64 { Int64(clamping: Self.ceiling(nanos, 1_000_000)) }

    private static func ceiling(_ value: Int128, _ unit: Int128) -> Int128 {
        let quotient = value / unit
        return value % unit > 0 ? quotient + 1 : quotient
    }
}

extension Quantity: LosslessStringConvertible, JSONDecodable {
    /// Reads an amount as the API writes it; nil if it is none.
    public init?(_ text: String) {
        var scanner = QuantityScanner(Array(text.utf8))
        guard let nanos = scanner.scan() else { return nil }
        self.init(nanos: nanos)
    }

    /// The amount in whole units, thousandths or billionths, whichever is the largest that holds it exactly.
    public var description: String {
        if nanos % Self.scale == 0 { return String(nanos / Self.scale) }
        if nanos % 1_000_000 == 0 { return "\(nanos / 1_000_000)m" }
        return "\(nanos)n"
    }

    /// Reads an amount; the API also takes plain numbers.
    public init(from reader: inout JSONReader) throws(JSONError) {
        let offset = reader.offset
        let text: String
        switch try reader.peekKind() {
        case .string: text = try reader.readString()
        default: text = String(decoding: try reader.readRaw(), as: UTF8.self)
        }
        guard let value = Quantity(text) else {
            throw JSONError(code: .invalidValue, message: "'\(text)' is not a quantity", offset: offset)
        }
        self = value
    }
}
