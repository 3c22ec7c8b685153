// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import Testing

@Suite("JSON: random trees, with Foundation as the oracle")
struct RandomTreeTests {
    @Test("given random trees, when they are written and read, then they are equal", arguments: 0..<8)
    func roundTrip(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        for _ in 0..<60 {
            let value = RandomTree.make(&random, depth: 4)
            let bytes = JSON.encode(value)
            guard try JSON.decode(JSONValue.self, from: bytes) == value else {
                Issue.record("seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
                return
            }
        }
    }

    @Test("given random trees in random notation, when both read them, then Foundation agrees", arguments: 0..<8)
    func agreement(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed) &+ 1000)
        for _ in 0..<40 {
            var text = ""
            RandomText.write(RandomTree.make(&random, depth: 4), to: &text, &random)
            let ours = try JSON.decode(JSONValue.self, from: text)
            let theirs = try JSONDecoder().decode(Oracle.self, from: Data(text.utf8)).value
            guard ours.unordered == theirs.unordered else {
                Issue.record("seed \(seed): \(text)")
                return
            }
        }
    }

    @Test("given random texts with one byte changed, when both look at them, then both accept or both refuse")
    func agreementOnBadTexts() throws {
        var random = SplitMix(state: 7)
        var refused = 0
        for _ in 0..<400 {
            var text = ""
            RandomText.write(RandomTree.make(&random, depth: 3), to: &text, &random)
            var bytes = Array(text.utf8)
            // Bytes of the grammar are likelier than others to give something that is nearly right.
            let alphabet = Array("{}[]:,\"\\ 0123456789.eE+-tfn\n".utf8)
            bytes[Int(random.next() % UInt64(bytes.count))] = alphabet[Int(random.next() % UInt64(alphabet.count))]
            let ours = try? JSON.decode(JSONValue.self, from: bytes)
            let theirs = try? JSONDecoder().decode(Oracle.self, from: Data(bytes)).value
            // What is no character is U+FFFD here, as in Kubernetes; Foundation refuses it.
            let isRepaired = ours.map { String(decoding: JSON.encode($0), as: UTF8.self).contains("\u{FFFD}") } ?? false
            if ours?.unordered != theirs?.unordered, !isRepaired {
                Issue.record("\(String(decoding: bytes, as: UTF8.self)): \(ours as Any) and \(theirs as Any)")
            }
            if ours == nil { refused += 1 }
        }
        #expect(refused > 100)
    }
}

/// A small generator that gives the same numbers on each run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

enum RandomTree {
    static func make(_ random: inout SplitMix, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0..<63, using: &random))
        case 3:
            // A whole double is written without fraction and read as an integer: by design, so not here.
            return .double(Double.random(in: -1e6...1e6, using: &random).rounded(.down) + 0.5)
        case 4, 5: return .string(string(&random))
        case 6:
            return .array((0..<Int.random(in: 0..<6, using: &random)).map { _ in make(&random, depth: depth - 1) })
        default:
            var object: JSONValue = [:]
            for _ in 0..<Int.random(in: 0..<6, using: &random) {
                object[string(&random)] = make(&random, depth: depth - 1)
            }
            return object
        }
    }

    private static func string(_ random: inout SplitMix) -> String {
        let pieces = ["a", "bc", "\"", "\\", "/", "\n", "\u{1}", "é", "東", "😀", " ", "name", "\u{7f}", "x-y.z"]
        return (0..<Int.random(in: 0..<9, using: &random))
            .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
    }
}

/// Writes a tree with needless white space and escapes.
enum RandomText {
    static func write(_ value: JSONValue, to text: inout String, _ random: inout SplitMix) {
        space(&text, &random)
        switch value {
        case .string(let string): quote(string, to: &text, &random)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                write(element, to: &text, &random)
            }
            space(&text, &random)
            text += "]"
        case .object(let fields):
            text += "{"
            for (index, field) in fields.enumerated() {
                if index > 0 { text += "," }
                space(&text, &random)
                quote(field.key, to: &text, &random)
                space(&text, &random)
                text += ":"
                write(field.value, to: &text, &random)
            }
            text += "}"
        default: text += String(decoding: JSON.encode(value), as: UTF8.self)
        }
        space(&text, &random)
    }

    private static func space(_ text: inout String, _ random: inout SplitMix) {
        if random.next() % 3 == 0 { text += ["", " ", "\n", "\t", "\r\n"][Int(random.next() % 5)] }
    }

    private static func quote(_ string: String, to text: inout String, _ random: inout SplitMix) {
        text += "\""
        for scalar in string.unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            guard mustEscape || random.next() % 5 == 0 else {
                text.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16, uppercase: random.next() % 2 == 0)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        text += "\""
    }
}

extension JSONValue {
    /// The same tree with sorted keys and all numbers as doubles: what two readers have to agree on.
    var unordered: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.unordered))
        case .object(let fields):
            fields.sorted { $0.key < $1.key }.reduce(into: [:]) { $0[$1.key] = $1.value.unordered }
        case .integer(let value): .double(Double(value))
        default: self
        }
    }
}

/// The same tree, as Foundation reads it.
private struct Oracle: Decodable {
    let value: JSONValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let bool = try? container.decode(Bool.self) {
            value = .bool(bool)
        } else if let integer = try? container.decode(Int64.self) {
            value = .integer(integer)
        } else if let double = try? container.decode(Double.self) {
            value = .double(double)
        } else if let string = try? container.decode(String.self) {
            value = .string(string)
        } else if let array = try? container.decode([Oracle].self) {
            value = .array(array.map(\.value))
        } else {
            let fields = try container.decode([String: Oracle].self)
            value = fields.reduce(into: [:]) { $0[$1.key] = $1.value.value }
        }
    }
}
