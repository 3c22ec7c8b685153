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
            ("exec /entrypoint.sh: exec format error", .imageArchitectureMismatch),
            ("liquibase.exception.LockException: Could not acquire change log lock", .databaseMigrationFailed),
            ("error: Dirty database version 7. Fix and force version.", .databaseMigrationFailed),
            (
                "Error: sql schema version compatibility check failed: version mismatch. Expected: 1.12, actual: 1.10",
                .databaseMigrationFailed
            ),
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

    @Test("given a file that is missing because it could not be made, then it is not the cause")
    func refusedBefore() throws {
        var cluster = Fixture()
        let refused = "tar: ./config.php: Cannot open: Permission denied"
        let missing = "tar: ./lib/about.php: Cannot open: No such file or directory"
        try cluster.program("orders", crashes: true, log: [refused, missing, "exiting"])
        #expect(cluster.findings(of: ApplicationStartAnalyzer()).isEmpty)
        // Long before, it has nothing to do with it.
        var later = Fixture()
        try later.program("orders", crashes: true, log: [refused] + [String](repeating: "ok", count: 20) + [missing])
        #expect(later.findings(.applicationFileMissing).count == 1)
    }

    @Test("given a schema whose version is only told, then no migration has failed")
    func schemaVersion() throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["ERROR no stock", "schema version 1.12 loaded", "bye"])
        #expect(cluster.findings(.databaseMigrationFailed).isEmpty)
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
        #expect(cluster.conclusion.rootCause?.confidence == 0.55)
    }

    @Test(
        "given a program that names a variable or setting which it lacks, then its configuration is the cause",
        arguments: [
            ["DATABASE_URL must be set"],
            ["panic: environment variable \"CART_ADDR\" not set", "", "goroutine 1 [running]:", "main.main()"],
            ["Error: environment variable is missing: TOKEN"],
            ["Fatal: S3_BUCKET environment variable is required"],
            ["run.sh: line 3: API_HOST: unbound variable"],
            [
                "thread 'main' panicked at src/main.rs:12:39:",
                "called `Result::unwrap()` on an `Err` value: NotPresent",
                "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
            ],
            [#"app.rb:17:in `fetch': key not found: "FLAGD_HOST" (KeyError)"#, "from app.rb:17:in `<main>'"],
            [
                "Traceback (most recent call last):", "  File \"x.py\", line 12, in <module>",
                "    BUCKET = os.environ['S3_BUCKET']", "             ~~~~~~~~~~^^^^^^^^^^^^^",
                "  File \"<frozen os>\", line 679, in __getitem__", "KeyError: 'S3_BUCKET'",
            ],
            [
                "pydantic_core.ValidationError: 1 validation error for Settings", "DATABASE_URL",
                "  Field required [type=missing, input_value={}, input_type=dict]",
                "    For further information visit https://errors.pydantic.dev/2.10/v/missing",
            ],
            ["Failed to configure a DataSource: 'url' attribute is not specified."],
            ["Error: failed to get config: cannot unmarshal the configuration: decoding failed"],
            ["Error: Database is uninitialized and superuser password is not specified."],
            ["AH00526: Syntax error on line 12 of /usr/local/apache2/conf/httpd.conf:", "Invalid command 'ProxyPas'"],
            ["error initializing config 'envoy.yaml': no such field: 'x' has unknown fields", "exiting"],
            ["Command error: failed to decode configuration from flags: field not found, node: x"],
            ["[ALERT] (1) : config : parsing [haproxy.cfg:12] : unknown keyword 'x'", "[ALERT] Fatal errors found"],
            [
                "ERROR [cli] (main) ERROR: Strict resolution configured but no hostname setting provided",
                "ERROR [cli] (main) For more details run the same command passing the '--verbose' option.",
            ],
            [
                "ERROR Unable to validate credentials inherited from the shell environment: Invalid credentials",
                "> Please provide correct credentials",
            ],
            ["server: /etc/server/server.conf:5:2: Parse error on line 6: 'Unexpected EOF processing map.'"],
            [
                "panic: exit", "It now requires that these variables are set:",
                "  A_B",
            ],
            [
                "[2024-05-10 08:27:17] production.ERROR: No application encryption key has been specified.",
                "[stacktrace]", "#0 /var/www/helpers.php(302): Kernel->handle()", "#1 {main}",
            ],
            [
                "** (RuntimeError) environment variable SECRET_KEY_BASE is missing.",
                "    (elixir 1.16.2) lib/config.ex:290: Config.__eval__!/3",
                "Runtime terminating during boot ({#{message=><<101,110,118>>,'__exception__'=>true},[{line,42}]})",
                "Crash dump is being written to: erl_crash.dump...done",
            ],
            [
                "ERROR Failed to start application: java.lang.RuntimeException: Failed to start",
                "java.util.NoSuchElementException: The config property pay.url is required but could not be found",
                "\tat io.smallrye.config.ConfigMappingContext.reportProblems(ConfigMappingContext.java:330)",
            ],
            [
                "error: Uncaught (in promise) PermissionDenied: Requires env access to \"A\", run again with a flag",
                "const secret = Deno.env.get(\"A\");",
            ],
        ]
    )
    func missingSetting(lines: [String]) throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["starting"] + lines)
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .applicationConfigurationInvalid)
        #expect(cause.object.description == "Deployment/shop/orders")
        #expect(cluster.findings(of: ApplicationStartAnalyzer()).allSatisfy { !$0.evidence.isEmpty })
    }

    @Test(
        "given words that are like those and are about something else, then the configuration is not blamed",
        arguments: [
            [
                "Traceback (most recent call last):", "  File \"x.py\", line 1", "    row['user_id']",
                "KeyError: 'user_id'",
            ],
            [
                "Traceback (most recent call last):", "  File \"x.py\", line 1", "    row['USER_ID']",
                "KeyError: 'USER_ID'",
            ],
            ["HTTP_PROXY is not set, using direct", "panic: no stock"],
            ["TypeError: missing 1 required positional argument: 'config'"],
            [
                "panic: runtime error: invalid memory address or nil pointer dereference",
                "main.main() /src/config.go:42",
            ],
            ["ERROR no config given, using the default settings"],
            ["ERROR dial tcp 10.0.0.1:80: connect: connection refused (required by setting url)"],
            ["ERROR invalid order 17", "ERROR no stock for the order that was given"],
            ["ERROR no such product is configured, and no route given"],
            ["HTTP_PROXY is not set", "panic: no stock"],
            ["FOO_BAR is not set", "ERROR no stock", "bye"],
            ["WARN: FOO_BAR is not set", "closing"],
            ["FOO_BAR is not set"] + [String](repeating: "working", count: 20) + ["closing"],
            ["rpc error: code = NOT_FOUND desc = table missing"],
            ["INVALID_ARGUMENT: missing field"],
            ["pydantic_core.ValidationError: 1 validation error for Order", "id", "  Field required [type=missing]"],
            [#"app.rb:3:in `fetch': key not found: "sku" (KeyError)"#],
            [
                "thread 'main' panicked at src/main.rs:1:1:", "no stock",
                "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
            ],
        ]
    )
    func noMissingSetting(lines: [String]) throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["starting"] + lines)
        #expect(cluster.findings(of: ApplicationStartAnalyzer()).isEmpty)
    }

    @Test("given a missing variable and then a server that refuses the program, then the server outweighs it")
    func outweighedVariable() throws {
        var cluster = Fixture()
        let log = ["DATABASE_URL must be set", "dial tcp 10.0.0.1:80: connect: connection refused"]
        try cluster.program("orders", crashes: true, log: log)
        #expect(cluster.findings(of: ApplicationStartAnalyzer()).isEmpty)
    }

    @Test("given a shell that does not find a command, then the exit code tells whether that ended it")
    func commandMissing() throws {
        for (code, count) in [(127, 1), (1, 0)] {
            var cluster = Fixture()
            try cluster.deployment("orders")
            try cluster.pod("orders-1", of: "orders", status: Fixture.crashLoop(exitCode: code))
            cluster.log(of: "orders-1", "/start.sh: line 3: gunicorn: command not found")
            let findings = cluster.findings(of: ApplicationStartAnalyzer())
            #expect(findings.count == count)
            #expect(findings.allSatisfy { $0.causeClass == .applicationFileMissing })
        }
    }

    @Test(
        "given a module or package that is not there, in the words of several languages, then a file is missing",
        arguments: [
            #"error: Uncaught (in promise) TypeError: Module not found "file:///app/main.ts"."#,
            "Error in library(shiny) : there is no package called 'shiny'",
            "Can't locate DBI.pm in @INC (you may need to install the DBI module) at run.pl line 3.",
        ]
    )
    func moduleMissing(line: String) throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["starting", line, "Execution halted"])
        #expect(cluster.conclusion.rootCause?.causeClass == .applicationFileMissing)
    }

    @Test(
        "given a script that cannot be executed, then it is the processor if the image's own script fails or says so",
        arguments: [
            ("registry.local/app:1", "", CauseClass.imageArchitectureMismatch),
            (
                "debian:12",
                #""command": ["/scripts/run.sh"], "volumeMounts": [{"name": "s", "mountPath": "/scripts"}],"#,
                .containerCommandNotExecutable
            ),
            (
                "debian:12", #""volumeMounts": [{"name": "s", "mountPath": "/scripts"}],"#,
                .containerCommandNotExecutable
            ),
            ("debian:12", #""command": ["/scripts/run.sh"],"#, .containerCommandNotExecutable),
            ("acme/tool-arm64:2", #""command": ["/scripts/run.sh"],"#, .imageArchitectureMismatch),
            ("acme/tool:2-amd64", #""command": ["/scripts/run.sh"],"#, .containerCommandNotExecutable),
        ]
    )
    func script(image: String, more: String, expected: CauseClass) throws {
        var cluster = Fixture()
        try cluster.add(\.nodes, "n1", labels: ["kubernetes.io/arch": "amd64"])
        try cluster.rawPod(
            "orders",
            spec: #"{"nodeName": "n1", "containers": [{\#(more) "name": "app", "image": "\#(image)"}]}"#,
            status:
                #"{"phase": "Running", "containerStatuses": [{"name": "app", "ready": false, \#(Fixture.crashLoop())}]}"#
        )
        cluster.log(of: "orders", "exec /scripts/run.sh: exec format error")
        #expect(cluster.findings(of: ApplicationStartAnalyzer()).map(\.causeClass) == [expected])
    }

    @Test("given names of images, then the processor that they speak of is known, unless there are several")
    func processors() {
        #expect(ProcessorName.named(in: "acme/grafana-arm64:11") == "arm64")
        #expect(ProcessorName.named(in: "arm32v7/alpine:3@sha256:amd64") == "arm")
        #expect(ProcessorName.named(in: "acme/pgbackup:arm-7") == "arm")
        #expect(ProcessorName.named(in: "acme/tool:1.2-x86_64") == "amd64")
        #expect(ProcessorName.named(in: "acme/tool-amd64-arm64:1") == nil)
        #expect(ProcessorName.named(in: "acme/alarm:1") == nil)
    }
}
