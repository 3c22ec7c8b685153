// SPDX-License-Identifier: Apache-2.0

/// Reads `<sign><digits>.<digits><suffix>`, where the suffix is a decimal or binary unit or an exponent.
struct QuantityScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private static let binary: [String: Int] = ["Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6]
    private static let decimal: [String: Int] = [
        "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18,
    ]
    /// The most digits that are told apart: beyond them an amount is out of range, or finer than the API holds.
    private static let maximumDigits = 20

    /// The amount in billionths, rounded away from zero; nil if the text is none.
    mutating func scan() -> Int128? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard var digits = readNumber() else { return nil }
        let suffix = String(decoding: bytes[index...], as: UTF8.self)
        var multiplier: Int128 = 1
        if let power = Self.binary[suffix] {
            multiplier = 1 << Int128(10 * power)
        } else if let power = Self.decimal[suffix] ?? Self.exponent(suffix) {
            digits.power += power
        } else {
            return nil
        }
        let nanos = Self.nanos(digits, multiplier)
        return isNegative ? -nanos : nanos
    }

    /// A number as digits and a power of ten.
    private struct Digits {
        var value: Int128 = 0
        var power = 0
        var isInexact = false
    }

    private mutating func readNumber() -> Digits? {
        var digits = Digits()
        var count = 0
        var significant = 0
        var isFraction = false
        while index < bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            if digit <= 9 {
                count += 1
                if significant > 0 || digit > 0 { significant += 1 }
                if significant <= Self.maximumDigits {
                    digits.value = digits.value * 10 + Int128(digit)
                    if isFraction { digits.power -= 1 }
                } else {
                    if digit > 0 { digits.isInexact = true }
                    if !isFraction { digits.power += 1 }
                }
            } else if bytes[index] == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else {
                break
            }
            index += 1
        }
        return count > 0 ? digits : nil
    }

    private static func nanos(_ digits: Digits, _ multiplier: Int128) -> Int128 {
        guard digits.value > 0 else { return 0 }
        // Anything above is the largest amount, anything below rounds up to one billionth.
        let power = digits.power + 9
        let largest = Int128(Int64.max) * 1_000_000_000
        guard power < 30 else { return largest }
        let (product, overflow) = digits.value.multipliedReportingOverflow(by: multiplier)
        guard !overflow else { return largest }
        if power >= 0 {
            let (result, overflow) = product.multipliedReportingOverflow(by: tenToThe(power))
            return overflow ? largest : min(result + (digits.isInexact ? 1 : 0), largest)
        }
        guard power > -38 else { return 1 }
        let divisor = tenToThe(-power)
        let rest = product % divisor
        return min(product / divisor + (rest > 0 || digits.isInexact ? 1 : 0), largest)
    }

    private static func tenToThe(_ power: Int) -> Int128 {
        (0..<power).reduce(Int128(1)) { result, _ in result * 10 }
    }

    /// The power of ten after `e` or `E`; nil if the suffix is none.
    private static func exponent(_ suffix: String) -> Int? {
        guard let first = suffix.first, first == "e" || first == "E", suffix.utf8.count <= 5 else { return nil }
        return Int(suffix.dropFirst())
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }
}
