// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSONWriter")
struct WriterTests {
    @Test(
        "given characters that JSON reserves, when a string is written, then exactly those are escaped",
        arguments: [
            ("", #""""#), ("plain", #""plain""#), ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#),
            ("\u{8}\u{c}\n\r\t", #""\b\f\n\r\t""#), ("\u{0}\u{1f}\u{b}", #""\u0000\u001f\u000b""#),
            ("/ é 東 😀 \u{7f} \u{2028}", "\"/ é 東 😀 \u{7f} \u{2028}\""), ("\"", #""\"""#), ("\\\\", #""\\\\""#),
        ] as [(String, String)]
    )
    func strings(value: String, expected: String) throws {
        #expect(written(value) == expected)
        #expect(try JSON.decode(String.self, from: expected) == value)
        // The same rules hold for keys.
        #expect(written([value: 1]) == "{\(expected):1}")
    }

    @Test(
        "given a double, when it is written, then it reads back as the same, and whole ones need no fraction",
        arguments: [
            (0, "0"), (1, "1"), (-3, "-3"), (0.1, "0.1"), (1e15, "1000000000000000"), (1e300, "1e+300"),
            (.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"), (-2.5, "-2.5"),
            (9.3e18, "9.3e+18"),
        ] as [(Double, String)]
    )
    func doubles(value: Double, expected: String) throws {
        #expect(written(value) == expected)
        #expect(try JSON.decode(Double.self, from: expected) == value)
    }

    @Test("given a double that JSON cannot say, when it is written, then it is null")
    func impossibleDoubles() {
        #expect(written([Double.nan, .infinity, -.infinity, 1]) == "[null,null,null,1]")
    }

    @Test("given whole numbers at the limits, when they are written, then they are exact")
    func integers() {
        #expect(written([Int64.min, -1, 0, .max]) == "[-9223372036854775808,-1,0,9223372036854775807]")
        #expect(written([Int32.min]) == "[-2147483648]")
    }

    @Test("given fields, when an object is written, then they keep the writer's order and nil is left out")
    func fields() {
        var fixture = Fixture()
        fixture.labels = ["z": "1", "a": "2", "m": "3"]
        fixture.parts = [.init(name: "p"), .init(name: "q", weight: 4)]
        #expect(
            written(fixture)
                == #"{"title":"untitled","count":7,"ratio":0.5,"isOn":true,"labels":{"a":"2","m":"3","z":"1"},"#
                + #""parts":[{"name":"p"},{"name":"q","weight":4}]}"#
        )
    }

    @Test("given all sorts of elements one after the other, when they are written, then the commas are right")
    func commas() {
        var writer = JSONWriter()
        writer.array { writer in
            writer.object { _ in }
            writer.array { _ in }
            writer.null()
            writer.bool(true)
            writer.integer(1)
            writer.double(1.5)
            writer.string("s")
            writer.raw(Array("{ \"raw\" : 1 }".utf8))
            writer.object { writer in
                writer.field("inner", object: { writer in writer.field("x", 1) })
                writer.key("list")
                writer.array { writer in writer.integer(2) }
                writer.field("last", false)
            }
            writer.array { writer in writer.array { _ in } }
        }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"[{},[],null,true,1,1.5,"s",{ "raw" : 1 },{"inner":{"x":1},"list":[2],"last":false},[[]]]"#
        )
    }

    @Test("given an object, when it is written and read, then it is equal")
    func roundTrip() throws {
        let fixture = Fixture.expected
        #expect(try JSON.decode(Fixture.self, from: JSON.encode(fixture)) == fixture)
    }
}
