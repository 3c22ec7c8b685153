// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("ApplicationStartAnalyzer")
struct ApplicationStartAnalyzerTests {
    @Test(
        "given a container that ends with words about itself, then they are the cause",
        arguments: [
            ("Error: unknown flag: --prot", CauseClass.applicationConfigurationInvalid),
            ("*** FATAL CONFIG FILE ERROR (Redis 7.0.5) ***", .applicationConfigurationInvalid),
            ("Error: yaml: line 3: mapping values are not allowed", .applicationConfigurationInvalid),
            ("Error: Cannot find module '/app/index.js'", .applicationFileMissing),
            ("ModuleNotFoundError: No module named 'shop'", .applicationFileMissing),
            (
                "/app: error while loading shared libraries: libx.so: cannot open shared object file",
                .applicationFileMissing
            ),
            ("exec /usr/local/bin/server: exec format error", .imageArchitectureMismatch),
            ("exec /entrypoint.sh: exec format error", .containerCommandNotExecutable),
            ("liquibase.exception.LockException: Could not acquire change log lock", .databaseMigrationFailed),
            ("error: Dirty database version 7. Fix and force version.", .databaseMigrationFailed),
            ("java.lang.OutOfMemoryError: Java heap space", .processMemoryExhausted),
            (
                "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
                .processMemoryExhausted
            ),
        ]
    )
    func lastWords(line: String, expected: CauseClass) throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["starting", line, "exiting"])
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == expected)
        #expect(!cluster.conclusion.candidates.contains { $0.causeClass == .applicationCrash })
    }

    @Test("given a taken port, then it can be taken by others only in the network of the node")
    func portInUse() throws {
        for (spec, count) in [(#", "hostNetwork": true"#, 1), ("", 0)] {
            var cluster = Fixture()
            let line = "listen tcp :8080: bind: address already in use"
            try cluster.program("orders", crashes: true, log: [line], spec: spec)
            #expect(cluster.findings(of: ApplicationStartAnalyzer()).count == count)
        }
    }

    @Test("given such words long before the end, then they did not end it")
    func longBefore() throws {
        var cluster = Fixture()
        let log =
            ["open /etc/extra: no such file or directory"] + [String](repeating: "working", count: 20) + ["panic: x"]
        try cluster.program("orders", crashes: true, log: log)
        #expect(cluster.findings(of: ApplicationStartAnalyzer()).isEmpty)
        #expect(cluster.conclusion.rootCause?.causeClass == .applicationCrash)
    }

    @Test("given such words and then others about another program, then these outweigh them")
    func outweighed() throws {
        var cluster = Fixture()
        let log = ["open /etc/extra: no such file or directory", "dial tcp 10.0.0.1:80: connect: connection refused"]
        try cluster.program("orders", crashes: true, log: log)
        #expect(cluster.findings(of: ApplicationStartAnalyzer()).isEmpty)
    }

    @Test("given a container that runs, then its words about itself are no cause")
    func running() throws {
        var cluster = Fixture()
        try cluster.program("orders", log: ["unknown flag: --x", "unknown flag: --x"])
        #expect(cluster.findings(of: ApplicationStartAnalyzer()).isEmpty)
    }

    @Test("given a crash whose last words blame another program, then it is told with less certainty")
    func crashElsewhere() throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["panic: dial tcp 10.0.0.1:80: connect: connection refused"])
        #expect(cluster.conclusion.rootCause?.causeClass == .applicationCrash)
        #expect(cluster.conclusion.rootCause?.confidence == 0.6)
    }
}
