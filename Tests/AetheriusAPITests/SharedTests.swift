// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Testing

@Suite("Numbers, amounts and texts")
struct SharedTests {
    @Test(
        "given a number, when it is rounded as a confidence, then it is within 0 and 1 and has two digits",
        arguments: [
            (0.123, 0.12), (0.125, 0.13), (0.999, 1), (1.5, 1), (-0.2, 0), (0.7, 0.7), (.nan, 0), (.infinity, 1),
            (-.infinity, 0),
        ] as [(Double, Double)]
    )
    func confidence(value: Double, expected: Double) {
        #expect(Confidence.rounded(value) == expected)
    }

    @Test(
        "given an amount, when it is read, then it is in micro-dollars",
        arguments: [
            ("0.50", 500_000), ("0", 0), ("12", 12_000_000), ("0.0001", 100), ("0.000001", 1),
            ("999999.999999", 999_999_999_999), ("", nil), (".5", nil), ("5.", nil), ("-1", nil), ("1e3", nil),
            ("1234567", nil), ("0.1234567", nil), ("1.2.3", nil), (" 1", nil), ("+1", nil), ("０", nil),
        ] as [(String, Int64?)]
    )
    func readAmount(text: String, expected: Int64?) {
        #expect(DollarAmount.microdollars(text) == expected)
    }

    @Test(
        "given micro-dollars, when they are written, then they have the digits they need",
        arguments: [
            (500_000, "0.50"), (0, "0.00"), (1, "0.000001"), (12_300, "0.0123"), (12_000_000, "12.00"), (-5, "0.00"),
            (Int64.max, "999999.999999"),
        ] as [(Int64, String)]
    )
    func writeAmount(amount: Int64, expected: String) {
        #expect(DollarAmount.text(microdollars: amount) == expected)
        #expect(DollarAmount.microdollars(expected) != nil)
    }

    @Test(
        "given a text, when it is bounded, then it fits, ends with an ellipsis if cut, and no character is split",
        arguments: [
            ("hello", 5, "hello"), ("hello!", 5, "he…"), ("hello", 3, "…"), ("hello", 2, ""), ("", 0, ""),
            ("aäöü", 7, "aäöü"), ("aäöüx", 7, "aä…"), ("aäöüx", 6, "aä…"),
            ("a👩‍👩‍👧b", 12, "a…"), ("🇩🇪🇩🇪", 11, "🇩🇪…"),
            ("abc\r\ndef", 7, "abc…"),
        ] as [(String, Int, String)]
    )
    func bounded(text: String, count: Int, expected: String) {
        #expect(text.bounded(toUTF8: count) == expected)
        #expect(text.bounded(toUTF8: count).utf8.count <= count)
    }
}
