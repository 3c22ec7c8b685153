// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("How grave a line is")
struct LogLevelTests {
    @Test(
        "given a line in the form of some logger, then its level is what that says",
        arguments: [
            ("2027-01-15T08:00:00Z INFO ready", LogLevel.informative), ("INFO:root:ready", .informative),
            ("[main] WARN  shop.Cart - slow", .warning), ("2027-01-15 08:00:00 [ERROR] lost", .error),
            ("2027-01-15T08:00:00Z 12 [Note] Access denied for user 'a'", .informative),
            ("info: Shop.Cart[0]", .informative), ("crit: Shop.Cart[0]", .fatal),
            ("I0115 08:00:00.000000       1 main.go:1] ready", .informative),
            ("E0115 08:00:00.000000       1 main.go:1] lost", .error),
            (#"{"level":"info","msg":"ready"}"#, .informative), (#"{"level":30,"msg":"ready"}"#, .informative),
            (#"{"level":50,"msg":"lost"}"#, .error), (#"{"level":3,"short_message":"lost"}"#, .error),
            (#"{"@l":"Fatal","message":"lost"}"#, .fatal), (#"{"severity":"WARNING","message":"slow"}"#, .warning),
            ("time=2027-01-15T08:00:00Z level=debug msg=ready", .informative),
        ]
    )
    func known(line: String, level: LogLevel) {
        #expect(LogEntry(line).level == level)
    }

    @Test(
        "given words that are also the names of levels, then they are no levels in the midst of a sentence",
        arguments: ["cannot log in", "the error is gone", "read config /etc/app", "FATALITY of a fine day", ""]
    )
    func none(line: String) {
        #expect(LogEntry(line).level == nil)
    }

    @Test(
        "given a container that does well, then what it logs as information is no complaint of its own",
        arguments: [
            ("INFO POST /login 401 access denied for user 'bob'", false),
            (#"{"level":"debug","msg":"upstream said: x509: certificate has expired"}"#, false),
            ("INFO retry: dial tcp: lookup db.invalid: no such host", false),
            ("WARN wrong password: access denied for user 'bob'", false),
            ("ERROR RedisConnectionException: (RedisServerException) NOAUTH Authentication required.", true),
            ("ERROR dial tcp: lookup db.invalid: no such host", true),
        ]
    )
    func informative(line: String, isComplaint: Bool) throws {
        var cluster = Fixture()
        try cluster.program("web", log: [line])
        #expect(!cluster.snapshot.complaints.isEmpty == isComplaint)
    }

    @Test("given a container in trouble, then what it logs as information may be why")
    func inTrouble() throws {
        var cluster = Fixture()
        try cluster.program("web", crashes: true, log: ["INFO dial tcp: lookup db.invalid: no such host"])
        #expect(cluster.snapshot.complaints.count == 1)
    }
}
