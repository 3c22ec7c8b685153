// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

#if canImport(Glibc)
import Glibc
#endif

@Suite("Exec plugins", .timeLimit(.minutes(5)))
struct ExecPluginTests {
    private static let echo = Script { ScriptedHTTPServer.answer(200, $0.headers["authorization"] ?? "none") }

    private func get(_ client: KubernetesClient) async throws -> String {
        String(decoding: try await client.get(path: "/"), as: UTF8.self)
    }

    /// Waits until the process is gone whose number stands in a file.
    private func waitForEnd(of file: String) async throws {
        let process = try #require(Int32(String(contentsOfFile: file, encoding: .utf8).filter { !$0.isWhitespace }))
        // One that has ended and has not been collected yet still has an entry.
        while let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            !status.contains("State:\tZ")
        {
            await Task.yield()
        }
    }

    @Test("given a plugin that names no end, when requests are sent, then it runs once")
    func cached() async throws {
        let script = try ExecPluginScript(ExecPluginScript.token())
        try await withServer(credentials: .exec(script.plugin), answering: Self.echo) { (_, client) async throws in
            #expect(try await get(client) == "Bearer token-1")
            #expect(try await get(client) == "Bearer token-1")
        }
        #expect(script.runs == 1)
    }

    @Test("given fifty requests at once, when there is no credential, then the plugin runs once for all")
    func singleFlight() async throws {
        let script = try ExecPluginScript(ExecPluginScript.token())
        try await withServer(credentials: .exec(script.plugin), answering: Self.echo) { (_, client) async throws in
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 { group.addTask { try await get(client) } }
                var answers: Set<String> = []
                for try await answer in group { answers.insert(answer) }
                return answers
            }
            #expect(answers == ["Bearer token-1"])
        }
        #expect(script.runs == 1)
    }

    @Test(
        "given a token with an end, when that has passed, then the plugin runs again, else not",
        arguments: [("2020-01-01T00:00:00Z", 2), ("2999-01-01T00:00:00Z", 1)]
    )
    func expiry(end: String, runs: Int) async throws {
        let script = try ExecPluginScript(ExecPluginScript.token(until: end))
        try await withServer(credentials: .exec(script.plugin), answering: Self.echo) { (_, client) async throws in
            #expect(try await get(client) == "Bearer token-1")
            #expect(try await get(client) == "Bearer token-\(runs)")
        }
        #expect(script.runs == runs)
    }

    @Test("given a server that does not accept the first token, when a request is sent, then the plugin runs once more")
    func unauthorized() async throws {
        let script = try ExecPluginScript(ExecPluginScript.token())
        let server = Script { request in
            request.headers["authorization"] == "Bearer token-2"
                ? ScriptedHTTPServer.answer(200, "in") : ScriptedHTTPServer.answer(401, "")
        }
        try await withServer(credentials: .exec(script.plugin), answering: server) { (_, client) async throws in
            #expect(try await get(client) == "in")
            #expect(try await get(client) == "in")
            // A watch opens with the same credential.
            _ = try await client.stream(Request(method: .get, path: "/watch"), .watch)
        }
        #expect(script.runs == 2)
    }

    @Test("given a server that accepts no token, when a request is sent, then it is tried twice and fails with 401")
    func alwaysUnauthorized() async throws {
        let script = try ExecPluginScript(ExecPluginScript.token())
        try await withServer(
            credentials: .exec(script.plugin),
            answering: Script { _ in ScriptedHTTPServer.answer(401, "") }
        ) { _, client in
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/") }
            #expect(error.code == .unauthorized)
        }
        #expect(script.runs == 2)
    }

    @Test("given arguments, variables and a cluster, when the plugin runs, then it is given them")
    func inputs() async throws {
        let script = try ExecPluginScript(
            #"printf '%s' "$KUBERNETES_EXEC_INFO" > $dir/info; printf '%s' "$1|$2|$GREETING|$HOME" > $dir/seen; "#
                + #"if read -r line; then echo "$line" > $dir/input; fi; "# + ExecPluginScript.token()
        )
        var plugin = script.plugin
        plugin.arguments = ["get token", "$HOME"]
        plugin.environment = ["GREETING": "good day"]
        plugin.cluster = ["server": "https://host:6443", "config": ["audience": "x"]]
        try await withServer(credentials: .exec(plugin), answering: Self.echo) { _, client in _ = try await get(client)
        }
        let home = ProcessEnvironment.values["HOME"] ?? ""
        let seen = try String(contentsOfFile: "\(script.files.path)/seen", encoding: .utf8)
        #expect(seen == "get token|$HOME|good day|\(home)")
        let info = try JSON.decode(JSONValue.self, from: File.read("\(script.files.path)/info", for: "the test"))
        #expect(info["apiVersion"] == "client.authentication.k8s.io/v1")
        #expect(info["kind"] == "ExecCredential")
        #expect(info["spec"] == ["cluster": plugin.cluster ?? .null, "interactive": false])
        #expect(!FileManager.default.fileExists(atPath: "\(script.files.path)/input"))
    }

    @Test(
        "given an answer that is none, when the plugin has run, then the error says what was expected and quotes nothing",
        arguments: [
            ("true", "printed nothing: expected an ExecCredential of client.authentication.k8s.io/v1 in JSON"),
            ("echo canary", "printed what is no JSON at byte 0: expected an ExecCredential"),
            (ExecPluginScript.printing(status: "{}", kind: "canary"), "is not of the kind ExecCredential"),
            (
                ExecPluginScript.printing(status: "{}", version: "client.authentication.k8s.io/v1beta1"),
                "of client.authentication.k8s.io/v1beta1, expected client.authentication.k8s.io/v1 as its"
            ),
            (
                ExecPluginScript.printing(status: "{}", version: "canary"),
                "of another apiVersion, expected client.authentication.k8s.io/v1 as its"
            ),
            (ExecPluginScript.printing(status: "5"), "without a status"),
            (ExecPluginScript.printing(status: "{}"), "neither a token nor clientCertificateData"),
            (ExecPluginScript.printing(status: #"{\"token\":[\"canary\"]}"#), "a status.token that is no string"),
            (ExecPluginScript.printing(status: #"{\"token\":\"the canary\"}"#), "is no token: it holds a space"),
            (
                ExecPluginScript.printing(status: #"{\"clientKeyData\":\"canary\"}"#),
                "only one of status.clientCertificateData and status.clientKeyData"
            ),
            (
                ExecPluginScript.printing(
                    status: #"{\"clientKeyData\":\"canary\",\"clientCertificateData\":\"canary\"}"#
                ),
                "holds no PEM block that begins with -----BEGIN … CERTIFICATE-----"
            ),
            (
                ExecPluginScript.printing(status: #"{\"token\":\"canary\",\"expirationTimestamp\":\"canary\"}"#),
                "a status.expirationTimestamp that is no RFC 3339 time"
            ),
            ("head -c 1100000 /dev/zero | tr '\\\\0' c", "printed more than 1 MiB"),
            ("echo canary; exit 3", "failed with exit code 3 and said nothing"),
            ("echo canary; echo 'no session' >&2; exit 1", "failed with exit code 1: no session"),
            ("echo 'login: token=canary rejected' >&2; exit 1", "exit code 1: login: token=[redacted] rejected"),
            ("kill -9 $$", "was ended by signal 9"),
        ]
    )
    func badAnswers(body: String, words: String) async throws {
        let script = try ExecPluginScript(body.replacing("\\\\0", with: "\\0"))
        try await withServer(credentials: .exec(script.plugin), answering: Self.echo) { (_, client) async throws in
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/") }
            #expect(error.code == .configuration)
            #expect(error.message.contains("the exec plugin") || error.message.contains("exec plugin /"))
            #expect(error.message.contains(words), "\(error.message)")
            var dumped = ""
            dump(error, to: &dumped)
            #expect(!dumped.contains("canary"), "\(dumped)")
        }
    }

    @Test("given a plugin that says a lot before it fails, then the end of it is in the error, without its own secrets")
    func longWords() async throws {
        let script = try ExecPluginScript(
            "i=0; while [ $i -lt 2000 ]; do echo \"line $i of $SESSION_TOKEN\" >&2; i=$((i+1)); done; exit 1"
        )
        var plugin = script.plugin
        plugin.environment = ["SESSION_TOKEN": "correcthorse"]
        let error = try await failure { () async throws(KubeError) in try await plugin.run() }
        #expect(error.message.hasSuffix("line 1998 of [redacted]; line 1999 of [redacted]"))
        #expect(error.message.utf8.count < 5 << 10)
        #expect(!error.message.contains("correcthorse"))
    }

    @Test("given a command that is not there, when it should run, then the hint on how to install it is in the error")
    func missing() async throws {
        for command in ["no-such-plugin-4711", "/no/such/plugin"] {
            let plugin = ExecPlugin(command: command, installHint: "apt install plugin", interactiveMode: .never)
            let error = try await failure { () async throws(KubeError) in try await plugin.run() }
            #expect(error.code == .configuration)
            #expect(
                error.message == "the exec plugin '\(command)' is not there or cannot be started: install it, "
                    + "or correct the command\n\napt install plugin"
            )
        }
    }

    @Test("given a plugin that needs a terminal, when there is none, then it is not started")
    func interactive() async throws {
        let script = try ExecPluginScript(ExecPluginScript.token())
        var plugin = script.plugin
        plugin.interactiveMode = .always
        // Tests may be started from a terminal; then the plugin has one.
        guard isatty(STDIN_FILENO) == 0 else { return }
        let error = try await failure { () async throws(KubeError) in try await plugin.run() }
        #expect(error.message.hasSuffix("and standard input is not a terminal"))
        #expect(script.runs == 0)
    }

    @Test("given a plugin that does not end, when its time is over, then it and what it has started are ended")
    func timeLimit() async throws {
        let script = try ExecPluginScript("sleep 600 & echo $! > $dir/child; wait")
        var plugin = script.plugin
        plugin.timeLimit = .milliseconds(700)
        let error = try await failure { [plugin] () async throws(KubeError) in try await plugin.run() }
        #expect(error.message.hasSuffix("did not end within 0.7 seconds"), "\(error.message)")
        try await waitForEnd(of: "\(script.files.path)/child")
    }

    @Test("given a request that waits for its plugin, when it is cancelled, then it ends and so does the plugin")
    func cancelled() async throws {
        let script = try ExecPluginScript("echo $$ > $dir/pid; mv $dir/pid $dir/started; exec sleep 600")
        try await withServer(credentials: .exec(script.plugin), answering: Self.echo) { (_, client) async throws in
            let call = Task { try await failure { () async throws(KubeError) in try await client.get(path: "/") } }
            while !FileManager.default.fileExists(atPath: "\(script.files.path)/started") { await Task.yield() }
            call.cancel()
            #expect(try await call.value.code == .cancelled)
        }
        try await waitForEnd(of: "\(script.files.path)/started")
    }

    @Test("given a plugin that failed once, when the next request comes, then it runs again")
    func failsOnce() async throws {
        let script = try ExecPluginScript("[ $runs -gt 1 ] || exit 1; " + ExecPluginScript.token())
        try await withServer(credentials: .exec(script.plugin), answering: Self.echo) { (_, client) async throws in
            _ = try await failure { () async throws(KubeError) in try await client.get(path: "/") }
            #expect(try await get(client) == "Bearer token-2")
        }
    }
}
