// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite struct QuantityTests {
    @Test(
        "given an amount as the API writes it, then it is held exactly",
        arguments: [
            ("0", 0), ("500m", 500_000_000), ("1", 1_000_000_000), ("1.5", 1_500_000_000), (".5", 500_000_000),
            ("1e3", 1_000_000_000_000), ("1E3", 1_000_000_000_000), ("2e-3", 2_000_000), ("100n", 100), ("3u", 3000),
            ("1k", 1_000_000_000_000), ("1Ki", 1_024_000_000_000), ("1.5Ki", 1_536_000_000_000), ("-5", -5_000_000_000),
            ("+5", 5_000_000_000), ("0.1n", 1), ("0.0000000001", 1),
        ] as [(String, Int128)]
    )
    func reading(text: String, nanos: Int128) { #expect(Quantity(text)?.nanos == nanos) }

    @Test(
        "given something else, then it is no amount",
        arguments: ["", "-", ".", "1 Gi", "1ki", "1GiB", "Gi", "1.2.3", "1e", "1e3Gi", "0x10", "１"]
    )
    func refusal(text: String) { #expect(Quantity(text) == nil) }

    @Test("given amounts in different units, then they compare and add up exactly")
    func arithmetic() throws {
        func amount(_ text: String) throws -> Quantity { try #require(Quantity(text)) }
        #expect(try amount("1Gi") == amount("1024Mi"))
        #expect(try amount("1Gi") > amount("1G"))
        #expect(try amount("1000m") == amount("1"))
        #expect(try amount("100m") + amount("900m") == Quantity(1))
        #expect(try amount("1") - amount("250m") == amount("750m"))
        #expect(try amount("1001m").value == 2)
        #expect(try amount("-1001m").value == -1)
        #expect(try amount("1500u").milliValue == 2)
        #expect(try amount("1500m").description == "1500m")
        #expect(try amount("9223372036854775807").value == Int64.max)
    }

    @Test(
        "given an amount beyond 63 bits, then it is the largest one",
        arguments: ["16Ei", "1e30", "99999999999999999999E"]
    )
    func saturation(text: String) { #expect(Quantity(text)?.value == Int64.max) }

    @Test("given a plain number in JSON, then it is an amount too")
    func plainNumber() throws {
        let hard = try JSON.decode([String: Quantity].self, from: #"{"pods": 10, "cpu": "2", "x": 1.5}"#)
        #expect(hard["pods"] == Quantity(10))
        #expect(hard["x"]?.description == "1500m")
        #expect(throws: JSONError.self) { try JSON.decode([String: Quantity].self, from: #"{"cpu": "two"}"#) }
    }
}
