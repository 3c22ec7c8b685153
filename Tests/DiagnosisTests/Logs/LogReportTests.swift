// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Diagnosis

@Suite("LogLine reports")
struct LogReportTests {
    @Test(
        "given the report of a runtime, then the line that says why is found",
        arguments: [
            (
                ["panic: no such thing", "", "goroutine 1 [running]:", "main.main()", "exit status 2"],
                "panic: no such thing"
            ),
            (
                [
                    "a.B: outer", "  at a.b(C.java:1)", "Caused by: a.D: middle", "  at a.b(C.java:2)", "  ... 3 more",
                    "Caused by: a.E: inner", "  at a.b(C.java:3)", "  ... 9 common frames omitted",
                ],
                "Caused by: a.E: inner"
            ),
            (
                [
                    "Traceback (most recent call last):", "  File \"x.py\", line 1, in <module>", "    run()",
                    "shop.errors.NoStock: none left",
                ],
                "shop.errors.NoStock: none left"
            ),
            (
                [
                    "/app/x.js:3", "  throw e", "  ^", "TypeError: no stock", "    at run (/app/x.js:3:1)", "",
                    "Node.js v20.0.0",
                ],
                "TypeError: no stock"
            ),
            (
                [
                    "Unhandled exception. Shop.Outer: out", " ---> Shop.Inner: in", "   at Shop.Run() in /a.cs:line 3",
                    "   --- End of inner exception stack trace ---", "   at Shop.Main()",
                ],
                "Shop.Inner: in"
            ),
            (
                ["thread 'main' panicked at src/main.rs:4:5:", "no stock", "note: run with `RUST_BACKTRACE=1`"],
                "no stock"
            ),
            (
                ["thread 'main' panicked at 'no stock', src/main.rs:4", "note: run with `RUST_BACKTRACE=1`"],
                "thread 'main' panicked at 'no stock', src/main.rs:4"
            ),
            (
                ["shop.rb:3:in `boot': no stock (ArgumentError)", "from shop.rb:9:in `<main>'"],
                "shop.rb:3:in `boot': no stock (ArgumentError)"
            ),
            (
                ["PHP Fatal error:  Uncaught Exception: no stock in /a.php:3", "Stack trace:", "#0 {main}"],
                "PHP Fatal error:  Uncaught Exception: no stock in /a.php:3"
            ),
            (["run.sh: line 3: serve: command not found", "bye"], "run.sh: line 3: serve: command not found"),
            (
                ["[emerg] 1#1: unknown directive \"x\" in /etc/nginx.conf:3", "nginx: configuration test failed"],
                "[emerg] 1#1: unknown directive \"x\" in /etc/nginx.conf:3"
            ),
            (
                ["fatal error: all goroutines are asleep - deadlock!", "", "goroutine 1 [chan receive]:"],
                "fatal error: all goroutines are asleep - deadlock!"
            ),
            (
                [#"{"level":"info","msg":"start"}"#, #"{"level":"error","msg":"cannot start","err":"no stock"}"#],
                "cannot start: no stock"
            ),
        ]
    )
    func reports(lines: [String], expected: String) {
        #expect(LogLine.explaining(lines) == expected)
    }

    @Test(
        "given the words of a runtime around its report, then the report is found and not they",
        arguments: [
            (
                [
                    "panic: runtime error: invalid memory address", "[signal SIGSEGV: segmentation violation code=0x1]",
                    "", "goroutine 1 [running]:", "main.(*Server).Start(0x0)", "\t/src/main.go:42 +0x1c",
                    "exit status 2",
                ],
                "panic: runtime error: invalid memory address"
            ),
            (
                [
                    "node:internal/process/promises:288", "    triggerUncaughtException(err, true);", "    ^", "",
                    #"[UnhandledPromiseRejection: This error … The promise rejected with the reason "bad plan id".] {"#,
                    "  code: 'ERR_UNHANDLED_REJECTION'", "}", "", "Node.js v20.11.1",
                ],
                #"The promise rejected with the reason "bad plan id".] {"#
            ),
            (
                [
                    "terminate called after throwing an instance of 'std::out_of_range'", "  what():  no such element",
                    "Aborted (core dumped)",
                ],
                "what():  no such element"
            ),
            (["app.conf:3: two keys of one name", "  fatal = 1", "  ^~~~~"], "app.conf:3: two keys of one name"),
            (
                [
                    "Traceback (most recent call last):", "  File \"m.py\", line 1", "RuntimeError: no seed",
                    "Exception ignored in: <function X.__del__ at 0x7f>", "AttributeError: 'NoneType' has no 'close'",
                ],
                "RuntimeError: no seed"
            ),
            (
                [
                    "Traceback (most recent call last):", "  File \"m.py\", line 1", "RuntimeError: no seed",
                    "Exception ignored in: <function X.__del__ at 0x7f>", "Traceback (most recent call last):",
                    "  File \"m.py\", line 9, in __del__", "AttributeError: 'NoneType' has no 'close'",
                ],
                "RuntimeError: no seed"
            ),
        ]
    )
    func surroundings(lines: [String], expected: String) {
        #expect(LogLine.explaining(lines) == expected)
    }

    @Test(
        "given a line that says no more than that the program ends, then the one before it that says why is quoted",
        arguments: [
            (
                [
                    "[ALERT] parsing [haproxy.cfg:12] : unknown keyword 'blance'",
                    "[ALERT] Error(s) found in configuration file : haproxy.cfg",
                    "[ALERT] Fatal errors found in configuration.",
                ],
                "[ALERT] parsing [haproxy.cfg:12] : unknown keyword 'blance'"
            ),
            (
                [
                    "Unrecognized VM option 'UseConcMarkSweepGC'", "Error: Could not create the Java Virtual Machine.",
                    "Error: A fatal exception has occurred. Program will exit.",
                ],
                "Unrecognized VM option 'UseConcMarkSweepGC'"
            ),
            (
                [
                    "[ERROR] [InnoDB] The error means mysqld does not have the access rights to the directory.",
                    "[ERROR] [Server] Data Dictionary initialization failed.", "[ERROR] [Server] Aborting",
                ],
                "[ERROR] [InnoDB] The error means mysqld does not have the access rights to the directory."
            ),
            (
                [
                    "node validation exception: vm.max_map_count is too low", "stopping ...", "closed",
                    "ERROR: Elasticsearch did not exit normally - check the logs",
                ],
                "node validation exception: vm.max_map_count is too low"
            ),
            (
                [
                    "Can't locate DBI.pm in @INC at run.pl line 3.",
                    "BEGIN failed--compilation aborted at run.pl line 3.",
                ],
                "Can't locate DBI.pm in @INC at run.pl line 3."
            ),
            (
                [
                    "Error during startup: {error,table_missing}", "[error] <0.0.0> Kernel pid terminated (x)",
                    "Crash dump is being written to: erl_crash.dump...done",
                ],
                "Error during startup: {error,table_missing}"
            ),
            (
                [
                    "Swift/Array.swift:600: Fatal error: Index out of range", "Current stack trace:",
                    "0    libswiftCore.so 0x00007f swift_reportFatalError + 50",
                ],
                "Swift/Array.swift:600: Fatal error: Index out of range"
            ),
            (
                [
                    "app: Prelude.head: empty list", "CallStack (from HasCallStack):",
                    "  error, called at libraries/base/GHC/List.hs:1646:3 in base:GHC.List",
                ],
                "app: Prelude.head: empty list"
            ),
        ]
    )
    func generalWords(lines: [String], expected: String) {
        #expect(LogLine.explaining(lines) == expected)
    }

    @Test(
        "given words that are like those and say why all the same, then they are quoted",
        arguments: [
            (
                ["ERROR: one", "ERROR: cannot read the shard map, aborting"],
                "ERROR: cannot read the shard map, aborting"
            ),
            (["loading", "ERROR: Aborting"], "ERROR: Aborting"),
            (["ERROR: Aborting"], "ERROR: Aborting"),
            (
                ["starting", "[signal SIGSEGV: segmentation violation code=0x1]"],
                "[signal SIGSEGV: segmentation violation code=0x1]"
            ),
            (
                [
                    "Traceback (most recent call last):", "ValueError: 1", "Traceback (most recent call last):",
                    "KeyError: 2",
                ],
                "KeyError: 2"
            ),
            (["error one", "what():  nothing", "bye"], "error one"),
        ]
    )
    func nearlyGeneral(lines: [String], expected: String) {
        #expect(LogLine.explaining(lines) == expected)
    }

    @Test("given lines of stack traces and lines that are like them, then they are told apart")
    func frames() {
        for frame in [
            "\tat a.b(C.java:1)", "goroutine 17 [chan receive, 2 minutes]:", "main.main()", "main.(*Server).Start(0x0)",
            "net/http.(*conn).serve({0x1, 0x2}, 0x3)", "\t/usr/local/go/src/net/http/server.go:1995 +0x3e8",
            "0    libswiftCore.so 0x00007f fatalError + 50",
        ] {
            #expect(LogLine.isFrame(frame))
        }
        for words in [
            "goroutine 5 leaks", "cannot call main.main()", "main.go:3: no such host db",
            "3 items at 0x00", "failed (no route)", "10.0.0.1 connected", ")", "",
        ] {
            #expect(!LogLine.isFrame(words))
        }
    }

    @Test(
        "given words that only look like a report, then the ordinary signs decide",
        arguments: [
            (["INFO ErrorHandler: ready", "FATAL no stock", "bye"], "FATAL no stock"),
            (["Error: retrying once", "all is well", "ERROR no stock", "bye"], "ERROR no stock"),
            (["the panic: is over", "could not start", "bye"], "the panic: is over"),
        ]
    )
    func noReports(lines: [String], expected: String) {
        #expect(LogLine.explaining(lines) == expected)
    }

    @Test("given a hostile log, then a bounded line is quoted")
    func hostile() {
        let logs: [[String]] = [
            [String(repeating: "Error: ", count: 150_000)],
            [String](repeating: "AError: x", count: 20_000),
            [String](repeating: "Traceback (most recent call last):", count: 20_000),
            [String(repeating: "\u{0}", count: 1 << 20), "end"],
        ]
        for lines in logs { #expect((LogLine.explaining(lines)?.count ?? 0) <= LogLine.maximumLength) }
    }
}
