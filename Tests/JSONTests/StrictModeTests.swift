// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSON: strict mode")
struct StrictModeTests {
    /// The error of reading a text strictly as something that looks at none of its fields.
    private func error(_ text: String, _ change: (inout JSONLimits) -> Void = { _ in }) throws -> JSONError {
        var limits = JSONLimits()
        change(&limits)
        let mode = JSONMode.strict(limits)
        return try #require(throws: JSONError.self) { try JSON.decode(Skipped.self, from: text, mode: mode) }
    }

    @Test("given a valid text, when it is read strictly, then the value is that of lenient mode")
    func sameValue() throws {
        #expect(try JSON.decode(Fixture.self, from: Fixture.text, mode: .strict) == Fixture.expected)
        #expect(try JSON.decode([Int].self, from: [0x5B, 0x31, 0x5D], mode: .strict) == [1])
    }

    @Test(
        "given an error in a part that nobody reads, when it is read strictly, then byte and path name it",
        arguments: [
            (#"{"a":[{},{"b":tru}]}"#, .unexpectedByte, 14, "a[1].b"), (#"{"a":{"b":01}}"#, .unexpectedByte, 10, "a.b"),
            (#"{"a":{"b":1 2}}"#, .unexpectedByte, 12, "a"), (#"{"a":["\q"]}"#, .invalidString, 7, "a[0]"),
            (#"{"a":["x\ud800"]}"#, .invalidString, 8, "a[0]"),
            (#"{"a":1,"b":{"c":1,"d":2,"c":3}}"#, .duplicateKey, 24, "b.c"),
            (#"{"a":[1,2,]}"#, .unexpectedByte, 10, "a"), (#"[1] 2"#, .trailingData, 4, ""),
            (#"{"a":[1,{"b":"#, .unexpectedEnd, 13, "a[1].b"),
        ] as [(String, JSONError.Code, Int, String)]
    )
    func places(text: String, code: JSONError.Code, offset: Int, path: String) throws {
        let error = try error(text)
        #expect(error.code == code)
        #expect(error.offset == offset)
        #expect(error.path == path)
    }

    @Test("given a key twice, when it is refused, then the message names the byte of the first one")
    func duplicateMessage() throws {
        let error = try error(#"{"x":1,"name":"a","name":"b"}"#)
        #expect(
            error.description
                == "name: the key stands in its object twice, first at byte 7; keep one of them (at byte 18)"
        )
    }

    @Test("given a text of just the limit and one of a byte more, when they are read, then the latter is refused")
    func textLimit() throws {
        let text = "[\(String(repeating: " ", count: (3 << 20) - 2))]"
        #expect(strictRefusal(of: Array(text.utf8)) == nil)
        let error = try error(text + " ")
        #expect(error.code == .tooLarge)
        #expect(error.path == "")
        #expect(error.message == "the text has 3145729 bytes, of at most 3145728 that are taken here")
        #expect(try self.error("[1]") { $0.textBytes = 2 }.code == .tooLarge)
        #expect(try self.error("[1]") { $0.textBytes = -1 }.code == .tooLarge)
    }

    @Test("given nesting of just the limit and one level more, when they are read, then the latter is refused")
    func depthLimit() throws {
        #expect(try error(#"{"a":[[1]]}"#) { $0.depth = 2 }.code == .tooDeep)
        #expect(try error(#"{"a":[[1]]}"#) { $0.depth = 2 }.offset == 6)
        #expect(try error(#"{"a":[[{}]]}"#) { $0.depth = 3 }.path == "a[0][0]")
        var limits = JSONLimits()
        limits.depth = 3
        #expect(strictRefusal(of: Array(#"{"a":[[1],[2]],"b":[[3]]}"#.utf8), limits: limits) == nil)
        limits.depth = 0
        #expect(strictRefusal(of: Array("1".utf8), limits: limits) == nil)
        limits.depth = 100_000
        let deep = String(repeating: #"{"a":["#, count: 50_000) + String(repeating: "]}", count: 50_000)
        #expect(strictRefusal(of: Array(deep.utf8), limits: limits) == nil)
    }

    @Test("given strings and keys of just the limit and a byte more, when they are read, then the latter are refused")
    func stringLimit() throws {
        var limits = JSONLimits()
        limits.stringBytes = 6
        #expect(strictRefusal(of: Array(#"{"sechs6":"\u0041"}"#.utf8), limits: limits) == nil)
        #expect(strictRefusal(of: Array(#"["siebene"]"#.utf8), limits: limits) == .tooLarge)
        #expect(strictRefusal(of: Array(#"{"siebene":1}"#.utf8), limits: limits) == .tooLarge)
        #expect(strictRefusal(of: Array(#"["\u0041B"]"#.utf8), limits: limits) == .tooLarge)
        #expect(JSONLimits().stringBytes == 1 << 20)
    }

    @Test("given objects of just the most members and one more, when they are read, then the latter is refused")
    func memberLimit() throws {
        var limits = JSONLimits()
        limits.objectMembers = 2
        #expect(strictRefusal(of: Array(#"{"a":{"a":1,"b":2},"b":{"c":3}}"#.utf8), limits: limits) == nil)
        let error = try error(#"{"a":[{"a":1,"b":2,"c":3}]}"#) { $0.objectMembers = 2 }
        #expect(error.code == .tooLarge)
        #expect(error.path == "a[0].c")
    }

    @Test("given a byte order mark, when it is refused, then the message says what to do")
    func byteOrderMark() throws {
        let error = try error("\u{FEFF}{}")
        #expect(error.message.contains("byte order mark"))
        #expect(error.offset == 0)
    }

    @Test("given long and many steps in a path, when an error is located, then the path stays short")
    func shortPath() throws {
        let key = String(repeating: "k\u{301}", count: 5000)
        let long = try error(#"{"\#(key)":x}"#)
        #expect(long.path.utf8.count < 100)
        #expect(long.path.hasSuffix("…"))
        let deep = try error(String(repeating: "[", count: 600))
        #expect(deep.path == String(repeating: "[0]", count: 32) + "…")
    }

    @Test("given a byte that cannot be shown, when it is refused, then the message names its code")
    func hiddenBytes() throws {
        #expect(try error("[\u{1B}").message == "expected a value, found the byte 0x1B")
        #expect(try error("[é").message == "expected a value, found the byte 0xC3")
        #expect(try error("[\u{7}").message == "expected a value, found the byte 0x07")
        #expect(try error("[~").message == "expected a value, found '~'")
    }
}
