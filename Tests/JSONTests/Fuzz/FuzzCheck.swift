// SPDX-License-Identifier: Apache-2.0
import JSON
import OrderedCollections

/// Reads texts with both readers, and finds what they do not agree about.
struct FuzzCheck {
    /// Where the two differ on purpose; docs/json.md explains each.
    enum Difference: String, CaseIterable {
        case duplicateKey
        case composedKey
        case byteOrderMark
        case otherEncoding
        case trailingComma
        case numberRange
        case numberNotLookedAt
    }

    /// How many texts strict mode has taken.
    private(set) var accepted = 0
    /// How many it has refused.
    private(set) var refused = 0
    /// How often they differed on purpose.
    private(set) var differences: [Difference: Int] = [:]
    private let memory = GuardedText(capacity: 1 << 16)

    /// Looks at one text.
    /// - Returns: what is wrong; nil if all is well.
    mutating func check(_ bytes: [UInt8]) -> String? {
        let outcome = memory.readEveryWay(bytes)
        let theirs = Oracle.read(bytes)
        if let error = outcome.strict {
            refused += 1
            guard (0...bytes.count).contains(error.offset) else { return "the offset of \(error) is not in the text" }
            guard theirs != nil else { return nil }
            guard let difference = Difference(error, bytes) else {
                return "refused with \(error), but Foundation accepts it"
            }
            differences[difference, default: 0] += 1
            return nil
        }
        accepted += 1
        switch outcome.tree {
        case .failure(let error):
            guard error.code == .duplicateKey else { return "strict mode accepts it, lenient refuses with \(error)" }
            differences[.composedKey, default: 0] += 1
            return nil
        case .success(let tree): return check(tree, theirs)
        }
    }

    private mutating func check(_ tree: JSONValue, _ theirs: Oracle?) -> String? {
        let again = JSON.encode(tree)
        guard let copy = try? JSON.decode(JSONValue.self, from: again, mode: .strict), copy == tree else {
            return "it is not the same after writing it: \(String(decoding: again, as: UTF8.self))"
        }
        if let theirs { return theirs.agrees(with: tree) ? nil : "Foundation reads it as \(theirs)" }
        guard tree.hasNumberBeyondDoubles else { return "accepted, but Foundation refuses it" }
        differences[.numberRange, default: 0] += 1
        return nil
    }
}

extension FuzzCheck.Difference {
    /// Why strict mode refuses on purpose what Foundation takes; nil if it should not.
    init?(_ error: JSONError, _ bytes: [UInt8]) {
        let before = bytes[..<error.offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if error.code == .duplicateKey {
            self = .duplicateKey
        } else if error.offset == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            self = .byteOrderMark
        } else if bytes.prefix(4).contains(0) || bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
            self = .otherEncoding
        } else if error.offset < bytes.count, [0x5D, 0x7D].contains(bytes[error.offset]), before == 0x2C {
            // There may be something else wrong behind it, that Foundation would have refused.
            self = .trailingComma
        } else if Self.isUnderDuplicateKey(error, bytes) {
            self = .numberNotLookedAt
        } else {
            return nil
        }
    }

    /// Whether a malformed number is under a key that comes twice: Foundation looks only at the number that it keeps.
    private static func isUnderDuplicateKey(_ error: JSONError, _ bytes: [UInt8]) -> Bool {
        let digits = Array("0123456789+-.eE".utf8)
        let start = bytes[..<error.offset].lastIndex { !digits.contains($0) }.map { $0 + 1 } ?? 0
        let end = bytes[error.offset...].firstIndex { !digits.contains($0) } ?? bytes.count
        guard start < end else { return false }
        let repaired = bytes[..<start] + [0x30] + bytes[end...]
        do {
            _ = try JSON.decode(JSONValue.self, from: Array(repaired), mode: .strict)
            return false
        } catch {
            let isShorter = repaired.count < bytes.count
            return error.code == .duplicateKey || isShorter && isUnderDuplicateKey(error, Array(repaired))
        }
    }
}

extension JSONValue {
    /// Whether a number in it is too large for a double, or so small that Foundation does not round it to zero.
    ///
    /// Foundation also takes the exponent of `0e9` for digits that got lost.
    fileprivate var hasNumberBeyondDoubles: Bool {
        switch self {
        case .number(let number):
            number.doubleValue.map { $0 == 0 && number.text.utf8.contains { 0x31...0x39 ~= $0 } } ?? true
        case .array(let elements): elements.contains(where: \.hasNumberBeyondDoubles)
        case .object(let fields): fields.values.contains(where: \.hasNumberBeyondDoubles)
        default: false
        }
    }
}
