// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import OrderedCollections

/// A JSON value as Foundation's decoder reads it.
indirect enum Oracle: Decodable {
    case null
    case bool(Bool)
    /// As an integer if it is one, and as a double.
    case number(Int64?, Double)
    case string(String)
    case array([Oracle])
    case object([String: Oracle])

    /// What Foundation makes of a text; nil if it refuses it.
    static func read(_ bytes: [UInt8]) -> Oracle? { try? JSONDecoder().decode(Oracle.self, from: Data(bytes)) }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let double = try? container.decode(Double.self) {
            self = .number(try? container.decode(Int64.self), double)
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let array = try? container.decode([Oracle].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: Oracle].self))
        }
    }

    /// Whether a tree of ours is the same, byte by byte and bit by bit.
    func agrees(with value: JSONValue) -> Bool {
        switch (self, value) {
        case (.null, .null): true
        case (.bool(let theirs), .bool(let ours)): theirs == ours
        case (.number(let theirs, _), .integer(let ours)): theirs == ours
        case (.number(_, let theirs), .double), (.number(_, let theirs), .number): theirs == value.doubleValue
        case (.string(let theirs), .string(let ours)): theirs.utf8.elementsEqual(ours.utf8)
        case (.array(let theirs), .array(let ours)):
            theirs.count == ours.count && zip(theirs, ours).allSatisfy { $0.agrees(with: $1) }
        case (.object(let theirs), .object(let ours)):
            theirs.count == ours.count && ours.allSatisfy { theirs[$0.key]?.agrees(with: $0.value) ?? false }
        default: false
        }
    }
}
