// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("LogEntry")
struct LogEntryTests {
    @Test(
        "given a line in the form of a logger, then its message and error are what is left",
        arguments: [
            (#"{"level":"error","ts":1,"msg":"cannot save","error":"disk full"}"#, "cannot save: disk full"),
            (#"{"message":"a \"quoted\" word\nand a line","severity":"x"}"#, "a \"quoted\" word and a line"),
            (#"{"err": {"type": "Error", "message": "no route"}, "msg": ""}"#, "no route"),
            (#"{"msg":"cut off in the mid"#, "cut off in the mid"),
            (#"{"no": "words"}"#, #"{"no": "words"}"#),
            (#"time=2026-01-02T03:04:05Z level=error msg="cannot save" err="disk full""#, "cannot save: disk full"),
            ("level=warn msg=slow user=7", "slow"),
            ("E0102 03:04:05.678901       1 main.go:12] cannot save", "cannot save"),
            ("Error 17 happened", "Error 17 happened"),
            ("\u{1B}[1;31mERROR\u{1B}[0m cannot save", "ERROR cannot save"),
            ("2026-01-02T03:04:05.123456789+08:00 2026-01-02 03:04:05.123 cannot save", "cannot save"),
            ("[2026/01/02 03:04:05] cannot save", "cannot save"),
            ("", ""),
        ]
    )
    func formats(line: String, text: String) {
        #expect(LogEntry(line).text == text)
    }

    @Test("given a time with an offset, then it is that moment; without one its zone is not known")
    func times() throws {
        let east = try #require(LogEntry("2026-01-02T03:04:05.5+08:00 x").time)
        #expect(east.hasZone)
        #expect(east.moment.description == "2026-01-01T19:04:05Z")
        let plain = try #require(LogEntry("2026/01/02 03:04:05 x").time)
        #expect(!plain.hasZone)
        #expect(LogEntry("2026-13-02T03:04:05Z x").time == nil)
        #expect(LogEntry("12 monkeys").time == nil)
    }

    @Test("given a line that nobody has written for reading, then a bounded part of it is kept")
    func hostile() {
        for unit in ["x", "\u{0}", "{\"msg\":", "\u{1B}[", "msg=", "\\\"", "{\"error\":{\"msg\":{"] {
            let line = String(repeating: unit, count: (1 << 20) / unit.utf8.count)
            #expect(LogEntry(line).text.utf8.count <= LogEntry.maximumBytes)
        }
        let broken = String(decoding: [UInt8](repeating: 0xFF, count: 1 << 20), as: UTF8.self)
        #expect(LogEntry(broken).text.utf8.count <= LogEntry.maximumBytes)
    }
}
