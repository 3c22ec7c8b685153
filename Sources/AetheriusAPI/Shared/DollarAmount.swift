// SPDX-License-Identifier: Apache-2.0

/// Amounts of US dollars, which objects hold as decimal strings such as `0.50` because JSON numbers are not exact.
///
/// Reckon in micro-dollars: 1,000,000 of them are one dollar.
public enum DollarAmount {
    /// The micro-dollars of a decimal string with 1 to 6 digits before the point and up to 6 after it, or nil if the
    /// text is anything else.
    public static func microdollars(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard (1...6).contains(parts[0].utf8.count), (1...6).contains(fraction.utf8.count) else { return nil }
        let digits = parts[0] + fraction + String(repeating: "0", count: 6 - fraction.utf8.count)
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int64(digits)
    }

    /// The decimal string of an amount in micro-dollars, with as many digits after the point as it needs, at least two.
    ///
    /// Below zero gives `0.00`; above 999999.999999, the most that the schema has room for, that.
    public static func text(microdollars: Int64) -> String {
        let amount = min(max(microdollars, 0), 999_999_999_999)
        var fraction = Array(String(1_000_000 + amount % 1_000_000).utf8.dropFirst())
        while fraction.count > 2, fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        return "\(amount / 1_000_000)." + String(decoding: fraction, as: UTF8.self)
    }
}
