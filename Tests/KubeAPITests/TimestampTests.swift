// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite("Timestamp")
struct TimestampTests {
    @Test(
        "given a moment, when it is written and read, then both forms name the same second",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:01Z", 1), ("1969-12-31T23:59:59Z", -1),
            ("2000-02-29T12:00:00Z", 951_825_600), ("1900-02-28T23:59:59Z", -2_203_891_201),
            ("1900-03-01T00:00:00Z", -2_203_891_200), ("2024-02-29T23:59:59Z", 1_709_251_199),
            ("2024-03-01T00:00:00Z", 1_709_251_200), ("2100-02-28T23:59:59Z", 4_107_542_399),
            ("2100-03-01T00:00:00Z", 4_107_542_400), ("2026-01-02T03:04:05Z", 1_767_323_045),
            ("2038-01-19T03:14:08Z", 2_147_483_648), ("9999-12-31T23:59:59Z", 253_402_300_799),
            ("0001-01-01T00:00:00Z", -62_135_596_800), ("1600-12-31T00:00:00Z", -11_644_560_000),
        ] as [(String, Int64)]
    )
    func table(text: String, seconds: Int64) throws {
        let timestamp = try #require(Timestamp(text))
        #expect(timestamp == Timestamp(seconds: seconds))
        #expect(Timestamp(seconds: seconds).description == text)
    }

    @Test("given every day of 800 years, when it is written and read, then the days follow each other")
    func everyDay() throws {
        var day = try #require(Timestamp("1599-12-31T00:00:00Z"))
        var last = ""
        while day.seconds < 13_600_000_000 {
            let text = day.description
            guard Timestamp(text) == day, text > last else {
                Issue.record("\(last) is followed by \(text)")
                return
            }
            last = text
            day.seconds += 86400
        }
    }

    @Test(
        "given a fraction, when it is read, then nine digits of it count",
        arguments: [
            ("2026-01-02T03:04:05.5Z", 500_000_000), ("2026-01-02T03:04:05.000001Z", 1000),
            ("2026-01-02T03:04:05.123456789Z", 123_456_789), ("2026-01-02T03:04:05.1234567899999Z", 123_456_789),
            ("2026-01-02t03:04:05.0z", 0), ("2026-01-02T04:04:05.25+01:00", 250_000_000),
        ] as [(String, Int32)]
    )
    func fractions(text: String, nanoseconds: Int32) {
        #expect(Timestamp(text) == Timestamp(seconds: 1_767_323_045, nanoseconds: nanoseconds))
    }

    @Test("given a moment before 1970 with a fraction, when it is read, then the fraction still counts forwards")
    func fractionBefore1970() {
        let timestamp = Timestamp("1969-12-31T23:59:59.75Z")
        #expect(timestamp == Timestamp(seconds: -1, nanoseconds: 750_000_000))
        #expect(timestamp?.microTime == "1969-12-31T23:59:59.750000Z")
    }

    @Test(
        "given an offset, when it is read, then the moment is the one in UTC",
        arguments: [
            ("2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05Z"),
            ("2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05Z"),
            ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"),
            ("2026-12-31T20:00:00-05:30", "2027-01-01T01:30:00Z"),
            ("2024-03-01T05:45:00+05:46", "2024-02-29T23:59:00Z"),
        ]
    )
    func offsets(text: String, utc: String) {
        #expect(Timestamp(text)?.description == utc)
    }

    @Test(
        "given something that is no RFC 3339 time, when it is read, then there is none",
        arguments: [
            "", "now", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-1-02T03:04:05Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
            "2026-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-01-02T24:00:00Z", "2026-01-02T03:60:00Z", "2026-01-02T03:04:61Z", "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05.5", "2026-01-02T03:04:05Zx", "2026-01-02T03:04:05+1:00", "2026-01-02T03:04:05+0100",
            "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+01:60", "2026-01-02T03:04:05+01:00Z",
            "-026-01-02T03:04:05Z", "2026-01-02T03:04:+5Z", "20260-01-02T03:04:05Z", "2026-01-02T03:04:05é",
        ]
    )
    func invalid(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("given no time in JSON, when it is read, then the error names the field and the text")
    func invalidJSON() throws {
        let error = try #require(throws: JSONError.self) {
            try JSON.decode(ObjectMeta.self, from: #"{"name":"a","creationTimestamp":"yesterday"}"#)
        }
        #expect(error.code == .invalidValue)
        #expect(error.path == "creationTimestamp")
        #expect(error.message == "'yesterday' is not an RFC 3339 time")
    }

    @Test(
        "given a moment and a duration, when one is added to the other, then since gives the duration back",
        arguments: [
            (.zero, "2026-01-02T03:04:05.500000Z"), (.seconds(1), "2026-01-02T03:04:06.500000Z"),
            (.milliseconds(500), "2026-01-02T03:04:06.000000Z"), (.milliseconds(499), "2026-01-02T03:04:05.999000Z"),
            (.milliseconds(-500), "2026-01-02T03:04:05.000000Z"), (.milliseconds(-501), "2026-01-02T03:04:04.999000Z"),
            (.milliseconds(-1500), "2026-01-02T03:04:04.000000Z"),
            (.seconds(86400 * 365), "2027-01-02T03:04:05.500000Z"),
            (.milliseconds(1999), "2026-01-02T03:04:07.499000Z"),
            (.seconds(-1_767_323_046), "1969-12-31T23:59:59.500000Z"),
        ] as [(Duration, String)]
    )
    func arithmetic(duration: Duration, expected: String) {
        let start = Timestamp(seconds: 1_767_323_045, nanoseconds: 500_000_000)
        let end = start.advanced(by: duration)
        #expect(end.microTime == expected)
        #expect((0..<1_000_000_000).contains(end.nanoseconds))
        #expect(end.since(start) == duration)
        #expect(start.since(end) == .zero - duration)
        #expect((end < start) == (duration < .zero))
    }

    @Test("given a moment with a fraction, when it is written, then Time has no fraction and MicroTime has six digits")
    func forms() {
        let timestamp = Timestamp(seconds: 1_767_323_045, nanoseconds: 1_234_567)
        #expect(timestamp.description == "2026-01-02T03:04:05Z")
        #expect(timestamp.microTime == "2026-01-02T03:04:05.001234Z")
        #expect(Timestamp(seconds: 0).microTime == "1970-01-01T00:00:00.000000Z")
        #expect(timestamp.wholeSeconds == Timestamp(seconds: 1_767_323_045))
        #expect(String(decoding: JSON.encode(timestamp), as: UTF8.self) == "\"2026-01-02T03:04:05Z\"")
    }

    @Test("given the present, when it is taken twice, then it does not go back and lies after this was written")
    func present() throws {
        let first = Timestamp.now
        #expect(first <= Timestamp.now)
        #expect(first > (try #require(Timestamp("2025-01-01T00:00:00Z"))))
    }
}
