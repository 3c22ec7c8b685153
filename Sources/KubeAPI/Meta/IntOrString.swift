// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A number or a name, such as a port or a bound in percent (`util/intstr`).
public enum IntOrString: Sendable, Hashable, CustomStringConvertible {
    /// A number.
    case int(Int)
    /// A name, or a number with a percent sign.
    case string(String)

    /// The number; nil if it is a name.
    public var intValue: Int? {
        guard case .int(let value) = self else { return nil }
        return value
    }

    /// The name; nil if it is a number.
    public var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// As it would be written.
    public var description: String {
        switch self {
        case .int(let value): String(value)
        case .string(let value): value
        }
    }
}

extension IntOrString: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        if try reader.peekKind() == .string {
            self = .string(try reader.readString())
        } else {
            self = .int(try Int(from: &reader))
        }
    }
}
