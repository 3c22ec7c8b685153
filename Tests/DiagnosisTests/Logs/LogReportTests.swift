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
