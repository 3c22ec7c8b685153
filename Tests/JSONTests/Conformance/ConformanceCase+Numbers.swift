// SPDX-License-Identifier: Apache-2.0
import JSON

extension ConformanceCase {
    /// The grammar of numbers.
    static let numbers: [ConformanceCase] =
        [
            "0", "-0", "1", "-1", "123", "-123", "0.5", "-0.5", "123e65", "0e+1", "0e1", "0E0", "20e1", "1E22", "1E-2",
            "1E+2", "123e45", "123.456e78", "1e-2", "1e+2", "123.456789", "1.0", "1.50", "-0.0", "1e0", "0.000", "1e00",
            "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001", "9007199254740993",
            "9223372036854775807", "-9223372036854775808", "5e-324", "1.7976931348623157e+308", "1e5", "100000.0",
        ].map { .accept("[\($0)]") }
        + [.accept("[ 4]", as: "[4]"), .accept("4\n", as: "4")]
        + [
            "++1", "+1", "+Inf", "-01", "-1.0.", "-2.", "-NaN", ".-1", ".2e-3", "0.1.2", "0.3e+", "0.3e", "0.e1", "0E+",
            "0E", "0e+", "0e", "1.0e+", "1.0e-", "1.0e", "1 000.0", "1eE2", "2.e+3", "2.e-3", "2.e3", "9.e+", "Inf",
            "NaN", "<EF BC 91>", "1+2", "0x1", "0x42", "Infinity", "0e+-1", "-123.123foo", "123<E5>", "1e1<E5>",
            "0<E5>",
            "-1x", "1ea", "1e<E5>", "1.", ".123", "1.2a-3", "1.8H-308", "012", "1_000", "1,5.", "00", "-00", "1.e1",
            "0b1", "1f", "0.0.0", "1-", "1-1", "1e1.5", "1e1e1", "--1", "-", "- 1", "-Infinity", "-foo", "-.1", "-e1",
        ].map { .refuse("[\($0)]", refusalOfNumber($0)) }
        + [
            .refuse("-", .typeMismatch), .refuse("1.", .unexpectedByte), .refuse("1e", .unexpectedByte),
            .refuse("-012", .unexpectedByte), .refuse("1.5.", .trailingData), .refuse("0 1", .trailingData),
        ]

    /// A minus sign is a number that is no number; anything else is a byte out of place.
    private static func refusalOfNumber(_ text: String) -> JSONError.Code {
        let second = text.utf8.dropFirst().first
        let isDigit = second.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
        return text.hasPrefix("-") && !isDigit ? .typeMismatch : .unexpectedByte
    }
}
