// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSONReader: numbers, truth values and null")
struct ReaderScalarTests {
    @Test(
        "given a whole number that fits, when it is read, then it is exact",
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-1", -1), ("10", 10), ("9007199254740993", 9_007_199_254_740_993),
            ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), (" \t\r\n42 ", 42),
        ] as [(String, Int64)]
    )
    func wholeNumbers(text: String, expected: Int64) throws {
        #expect(try JSON.decode(Int64.self, from: text) == expected)
        #expect(try JSON.decode(Int.self, from: text) == Int(expected))
    }

    @Test(
        "given a number that is no whole one of 64 bits, when it is read as one, then it is refused",
        arguments: [
            ("9223372036854775808", .numberOutOfRange), ("-9223372036854775809", .numberOutOfRange),
            ("99999999999999999999999999", .numberOutOfRange), ("1.0", .typeMismatch), ("1e3", .typeMismatch),
            ("1E3", .typeMismatch), ("-", .typeMismatch), ("01", .unexpectedByte), ("-01", .unexpectedByte),
            ("00", .unexpectedByte), ("+1", .unexpectedByte), ("1x", .trailingData), ("", .unexpectedEnd),
            (" ", .unexpectedEnd), ("\"1\"", .typeMismatch), ("null", .typeMismatch), ("true", .typeMismatch),
            ("[1]", .typeMismatch), ("{}", .typeMismatch),
        ] as [(String, JSONError.Code)]
    )
    func wholeNumbersRefused(text: String, code: JSONError.Code) {
        #expect(refusal(of: text, as: Int64.self) == code)
    }

    @Test("given a number beyond 32 bits, when it is read as Int32, then it is refused and its limits are not")
    func narrowNumbers() throws {
        #expect(try JSON.decode(Int32.self, from: "2147483647") == .max)
        #expect(try JSON.decode(Int32.self, from: "-2147483648") == .min)
        #expect(refusal(of: "2147483648", as: Int32.self) == .numberOutOfRange)
    }

    @Test(
        "given a decimal number, when it is read, then it is the nearest double",
        arguments: [
            ("0", 0), ("1", 1), ("-1.5", -1.5), ("0.1", 0.1), ("1e3", 1000), ("1E+3", 1000), ("25e-1", 2.5),
            ("1.7976931348623157e308", .greatestFiniteMagnitude), ("2.2250738585072014e-308", .leastNormalMagnitude),
            ("5e-324", .leastNonzeroMagnitude), ("0.30000000000000004", 0.1 + 0.2), ("1e-400", 0),
            ("9007199254740993", 9_007_199_254_740_992), ("123456789012345678901234567890", 1.2345678901234568e29),
        ] as [(String, Double)]
    )
    func doubles(text: String, expected: Double) throws {
        #expect(try JSON.decode(Double.self, from: text) == expected)
    }

    @Test(
        "given something that is no number by RFC 8259, when it is read as a double, then it is refused",
        arguments: [
            ("1e400", .numberOutOfRange), ("-1e999", .numberOutOfRange), ("1.", .unexpectedByte),
            (".5", .unexpectedByte), ("01.5", .unexpectedByte), ("1e", .unexpectedByte), ("1e+", .unexpectedByte),
            ("-", .typeMismatch), ("--1", .typeMismatch), ("NaN", .unexpectedByte), ("Infinity", .unexpectedByte),
            ("0x10", .trailingData), ("1 2", .trailingData), ("\"1\"", .typeMismatch),
        ] as [(String, JSONError.Code)]
    )
    func doublesRefused(text: String, code: JSONError.Code) {
        #expect(refusal(of: text, as: Double.self) == code)
    }

    @Test("given true and false, when they are read, then nothing else passes for them")
    func truthValues() throws {
        #expect(try JSON.decode(Bool.self, from: "true"))
        #expect(try JSON.decode(Bool.self, from: " false ") == false)
        #expect(refusal(of: "tru", as: Bool.self) == .unexpectedEnd)
        #expect(refusal(of: "truE", as: Bool.self) == .unexpectedByte)
        #expect(refusal(of: "falsee", as: Bool.self) == .trailingData)
        #expect(refusal(of: "True", as: Bool.self) == .unexpectedByte)
        #expect(refusal(of: "1", as: Bool.self) == .typeMismatch)
        #expect(refusal(of: "\"true\"", as: Bool.self) == .typeMismatch)
    }

    @Test("given null, when it is misspelt or cut, then it is refused and not taken for absent")
    func nullValues() throws {
        #expect(try JSON.decode(JSONValue.self, from: "null") == .null)
        #expect(refusal(of: "nul", as: JSONValue.self) == .unexpectedEnd)
        #expect(refusal(of: "nulL", as: JSONValue.self) == .unexpectedByte)
        #expect(refusal(of: #"{"title":nope}"#, as: Fixture.self) == .unexpectedByte)
    }

    @Test("given a value of another type, when it is refused, then the message names both types")
    func mismatchMessages() throws {
        let error = try #require(throws: JSONError.self) { try JSON.decode(String.self, from: "[1]") }
        #expect(error.message == "expected a string, found an array")
        let other = try #require(throws: JSONError.self) { try JSON.decode([String].self, from: "\"text\"") }
        #expect(other.message == "expected an array, found a string")
    }
}
