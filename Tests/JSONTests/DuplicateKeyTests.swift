// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSON: keys that come twice")
struct DuplicateKeyTests {
    @Test("given random nested objects, when they are checked, then exactly those with a key twice are refused")
    func model() {
        var random = SplitMix(state: 11)
        var refused = 0
        for _ in 0..<400 {
            var text = ""
            let hasDuplicate = Self.write(&text, &random, depth: 5)
            let code = strictRefusal(of: Array(text.utf8))
            #expect(code == (hasDuplicate ? .duplicateKey : nil), "\(text)")
            if hasDuplicate { refused += 1 }
        }
        #expect((50...350).contains(refused))
    }

    /// Writes an object whose keys repeat now and then, also those of the objects around it.
    /// - Returns: whether it, or one within it, has a key twice.
    private static func write(_ text: inout String, _ random: inout SplitMix, depth: Int) -> Bool {
        var keys: Set<String> = []
        var hasDuplicate = false
        text += "{"
        let count = Int.random(in: 0..<(depth == 5 ? 60 : 6), using: &random)
        for index in 0..<count {
            if index > 0 { text += "," }
            let key = "k\(Int.random(in: 0..<(count * count * 30), using: &random))"
            if !keys.insert(key).inserted { hasDuplicate = true }
            text += random.next() % 4 == 0 ? "\"\\u006b\(key.dropFirst())\":" : "\"\(key)\":"
            if depth > 0, random.next() % 4 == 0 {
                if write(&text, &random, depth: depth - 1) { hasDuplicate = true }
            } else {
                text += "0"
            }
        }
        text += "}"
        return hasDuplicate
    }

    @Test(
        "given 300,000 keys in one object, when they are checked, then it takes no quadratic time",
        .timeLimit(.minutes(5))
    )
    func manyKeys() {
        var limits = JSONLimits()
        limits.textBytes = .max
        limits.objectMembers = .max
        // Comparing each key with each would take hours.
        let members = (0..<300_000).map { #""key-\#($0)":0"# }
        #expect(strictRefusal(of: Array("{\(members.joined(separator: ","))}".utf8), limits: limits) == nil)
        let text = "{\(members.joined(separator: ",")),\"key-1234\":1}"
        #expect(strictRefusal(of: Array(text.utf8), limits: limits) == .duplicateKey)
    }

    @Test(
        "given one key at each of 200,000 levels, when they are checked, then it takes no quadratic time",
        .timeLimit(.minutes(5))
    )
    func oneKeyAtEachLevel() {
        var limits = JSONLimits()
        limits.depth = .max
        let levels = 200_000
        let text = String(repeating: #"{"a":"#, count: levels) + "0" + String(repeating: "}", count: levels)
        #expect(strictRefusal(of: Array(text.utf8), limits: limits) == nil)
    }

    @Test("given keys that only look the same, when they are read as a tree, then no field is lost over it")
    func composedCharacters() throws {
        let text = "{\"\u{e9}\":1,\"e\u{301}\":2}"
        #expect(strictRefusal(of: Array(text.utf8)) == nil)
        let error = try #require(throws: JSONError.self) { try JSON.decode(JSONValue.self, from: text) }
        #expect(error.code == .duplicateKey)
        #expect(error.path == "e\u{301}")
    }

    @Test("given an escaped key that only looks like a known one, when an object is read, then it is not that one")
    func compatibleCharacters() throws {
        struct Scale: JSONDecodable {
            var kelvin = 0
            init(from reader: inout JSONReader) throws(JSONError) {
                try reader.beginObject()
                while let key = try reader.nextKey() {
                    switch key {
                    case "K": try reader.read(into: &kelvin)
                    default: try reader.skipValue()
                    }
                }
            }
        }
        // U+212A is the Kelvin sign, which the standard library's strings take for the letter.
        #expect(try JSON.decode(Scale.self, from: #"{"\u212a":1}"#).kelvin == 0)
        #expect(try JSON.decode(Scale.self, from: #"{"\u004b":2}"#).kelvin == 2)
        #expect(try JSON.decode(Scale.self, from: #"{"\u004b\u004b":3,"\ud800":4}"#).kelvin == 0)
    }
}
