// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSON: numbers are exact")
struct NumberExactnessTests {
    @Test("given random doubles of every magnitude, when they are written and read, then every bit is the same")
    func randomDoubles() throws {
        var random = SplitMix(state: 3)
        for _ in 0..<4000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let text = written(value)
            #expect(try JSON.decode(Double.self, from: text, mode: .strict).bitPattern == value.bitPattern, "\(text)")
            // A tree holds the same text, and says the same number.
            let tree = try JSON.decode(JSONValue.self, from: text)
            #expect(tree.doubleValue?.bitPattern == value.bitPattern || tree.integerValue.map(Double.init) == value)
            #expect(written(tree) == text)
        }
    }

    @Test("given random subnormals and whole doubles, when they are written and read, then every bit is the same")
    func randomEdges() throws {
        var random = SplitMix(state: 4)
        for _ in 0..<1000 {
            let subnormal = Double(bitPattern: random.next() >> 12)
            #expect(try JSON.decode(Double.self, from: written(subnormal)).bitPattern == subnormal.bitPattern)
            let whole = Double(Int64(truncatingIfNeeded: random.next()) >> Int64(random.next() % 60))
            #expect(try JSON.decode(Double.self, from: written(whole)) == whole)
        }
    }

    @Test(
        "given digits that lie at or near the middle of two doubles, when they are read, then rounding is correct",
        arguments: [
            // Ties go to the even one; a digit more, however far behind, decides.
            ("9007199254740993", 0x1p53), ("9007199254740995", 0x1.0000000000002p53),
            ("9007199254740993.0000000000000000000000000000000000000000001", 0x1.0000000000001p53),
            ("1.00000000000000011102230246251565404236316680908203125", 1),
            ("1.00000000000000011102230246251565404236316680908203126", 0x1.0000000000001p0),
            ("1.00000000000000011102230246251565404236316680908203124", 1),
            ("1.00000000000000033306690738754696212708950042724609375", 0x1.0000000000002p0),
            // The smallest doubles, and the border between subnormal and normal.
            ("4.9406564584124654e-324", 0x1p-1074), ("2.4703282292062328e-324", 0x1p-1074),
            ("2.4703282292062327e-324", 0), ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown),
            ("2.2250738585072012e-308", 0x1p-1022), ("2.2250738585072014e-308", 0x1p-1022),
            // The largest, and what still rounds to it.
            ("1.7976931348623157e308", 0x1.fffffffffffffp1023), ("1.7976931348623158e308", 0x1.fffffffffffffp1023),
            // 17 digits that a careless reader gets wrong in the last bit.
            ("0.30000000000000004", 0x1.3333333333334p-2),
            ("6.02214076e23", 0x1.fe185ca57c517p78), ("1e23", 0x1.52d02c7e14af6p76),
            ("8.5e-1", 0x1.b333333333333p-1), ("3.5184372088832004e13", 0x1.0000000000001p45),
        ] as [(String, Double)]
    )
    func rounding(text: String, expected: Double) throws {
        let value = try JSON.decode(Double.self, from: text, mode: .strict)
        #expect(value.bitPattern == expected.bitPattern)
        #expect(try JSON.decode(Double.self, from: "-\(text)") == -expected)
    }

    @Test("given a number beyond the doubles, when it is read as one, then it is refused and its field named")
    func overflow() throws {
        for text in [
            "1.7976931348623159e308", "-1e309", "1e99999999999999999999", "1\(String(repeating: "0", count: 400))",
        ] {
            let error = try #require(throws: JSONError.self) {
                try JSON.decode(Fixture.self, from: #"{"ratio":\#(text)}"#)
            }
            #expect(error.code == .numberOutOfRange)
            #expect(error.path == "ratio")
        }
        #expect(try JSON.decode(Double.self, from: "1e-99999999999999999999") == 0)
        #expect(try JSON.decode(Double.self, from: "0e99999999999999999999") == 0)
    }

    @Test("given zero with a sign, when it is read and written, then the sign stays")
    func negativeZero() throws {
        for text in ["-0", "-0.0", "-0e5", "-1e-400"] {
            let value = try JSON.decode(Double.self, from: text)
            #expect(value.bitPattern == (-0.0).bitPattern)
            #expect(written(value) == "-0")
        }
        #expect(try JSON.decode(Int64.self, from: "-0") == 0)
    }

    @Test("given integers out of range or with a fraction, when an object is read, then the error names the field")
    func integers() throws {
        for (number, code) in [
            ("9223372036854775808", JSONError.Code.numberOutOfRange), ("1.0", .typeMismatch), ("1e3", .typeMismatch),
        ] {
            let text = #"{"parts":[{},{"weight": \#(number)}]}"#
            let error = try #require(throws: JSONError.self) { try JSON.decode(Fixture.self, from: text) }
            #expect(error.code == code)
            #expect(error.path == "parts[1].weight")
        }
        let narrow = try #require(throws: JSONError.self) { try JSON.decode([Int32].self, from: "[1, 2147483648]") }
        #expect(narrow.path == "[1]")
        let fraction = try #require(throws: JSONError.self) { try JSON.decode(Int.self, from: "1.0") }
        #expect(fraction.message == "expected a whole number, found one with a fraction or an exponent")
    }

    @Test("given a million digits, when they are read, then it takes no quadratic time", .timeLimit(.minutes(5)))
    func manyDigits() throws {
        let digits = String(repeating: "7", count: 1_000_000)
        #expect(try JSON.decode(Double.self, from: "0.\(digits)") == 0.7777777777777778)
        #expect(refusal(of: digits, as: Double.self) == .numberOutOfRange)
        #expect(refusal(of: digits, as: Int64.self) == .numberOutOfRange)
        #expect(try JSON.decode(JSONValue.self, from: digits) == .number(#require(JSONNumber(digits))))
    }

    @Test("given a notation, when it is kept, then only one by the grammar is")
    func notation() throws {
        for text in ["1.0", "-0", "1e400", "0", "123456789012345678901234567890", "1E+2"] {
            let number = try #require(JSONNumber(text))
            #expect(number.text == text)
            #expect(written(number) == text)
        }
        for text in ["", " 1", "1 ", "01", "+1", "1.", "NaN", "0x1", "\"1\"", "null", "1,2"] {
            #expect(JSONNumber(text) == nil)
        }
        #expect(JSONNumber("1e400")?.doubleValue == nil)
        #expect(JSONNumber("1.50")?.doubleValue == 1.5)
        #expect(JSONNumber("1.0")?.integerValue == nil)
        #expect(JSONNumber("-0")?.integerValue == 0)
    }
}
