// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubeClient

@Suite("Exec plugins in a kubeconfig")
struct KubeconfigExecTests {
    private static let v1 = "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: aws"

    private func write(
        _ files: borrowing TemporaryFiles,
        exec: String,
        user: String = "",
        cluster: String = ""
    ) throws -> String {
        try files.write(
            "config",
            """
            current-context: main
            contexts: [{name: main, context: {cluster: c, user: u}}]
            clusters:
            - name: c
              cluster: {server: "https://host:6443"\(cluster)}
            users:
            - name: u
              user:
                exec: {\(exec)}\(user)
            """
        )
    }

    private func load(exec: String, user: String = "", cluster: String = "") throws -> ClientConfiguration {
        let files = try TemporaryFiles()
        return try .load(kubeconfig: try write(files, exec: exec, user: user, cluster: cluster))
    }

    private func plugin(_ configuration: ClientConfiguration) throws -> ExecPlugin {
        guard case .exec(let plugin) = configuration.credentials else {
            throw KubeError(code: .configuration, message: "the credentials are \(configuration.credentials)")
        }
        return plugin
    }

    @Test("given a plugin with all fields, when it is loaded, then they are there")
    func allFields() throws {
        let plugin = try plugin(
            load(
                exec: Self.v1 + ", args: [eks, get-token], env: [{name: A, value: b}], installHint: get it, "
                    + "provideClusterInfo: true",
                cluster: ", tls-server-name: name, certificate-authority-data: QQ==, proxy-url: 'http://p:1', "
                    + "disable-compression: true, extensions: [{name: other, extension: 1}, "
                    + "{name: client.authentication.k8s.io/exec, extension: {audience: a}}]"
            )
        )
        #expect(plugin.apiVersion == "client.authentication.k8s.io/v1")
        #expect(plugin.command == "aws")
        #expect(plugin.arguments == ["eks", "get-token"])
        #expect(plugin.environment == ["A": "b"])
        #expect(plugin.installHint == "get it")
        #expect(plugin.interactiveMode == .never)
        let cluster: JSONValue = [
            "server": "https://host:6443", "tls-server-name": "name", "certificate-authority-data": "QQ==",
            "proxy-url": "http://p:1", "disable-compression": true, "config": ["audience": "a"],
        ]
        #expect(plugin.cluster == cluster)
    }

    @Test("given v1beta1 without interactiveMode or cluster info, when it is loaded, then the defaults are kubectl's")
    func defaults() throws {
        let plugin = try plugin(load(exec: "apiVersion: client.authentication.k8s.io/v1beta1, command: x"))
        #expect(plugin.interactiveMode == .ifAvailable)
        #expect(plugin.cluster == nil)
        #expect(plugin.environment.isEmpty && plugin.arguments.isEmpty)
    }

    @Test(
        "given a command, when it is a path, then it counts from the kubeconfig, and a bare name stays one",
        arguments: [("./bin/get", "/./bin/get"), ("bin/get", "/bin/get"), ("/usr/bin/get", ""), ("get", "")]
    )
    func commandPaths(command: String, suffix: String) throws {
        let files = try TemporaryFiles()
        let exec = "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: \(command)"
        let configuration = try ClientConfiguration.load(kubeconfig: try write(files, exec: exec))
        #expect(try plugin(configuration).command == (suffix.isEmpty ? command : files.path + suffix))
    }

    @Test(
        "given a token, password or certificate beside it, when it is loaded, then that is used as in kubectl",
        arguments: [
            ("token: t", "token"), ("username: ann", "password of ann"),
            ("client-certificate-data: QQ==, client-key-data: QQ==", "none"),
        ]
    )
    func otherCredentials(user: String, credentials: String) throws {
        let fields = user.split(separator: ", ").map { "\n    \($0)" }.joined()
        let configuration = try load(exec: Self.v1, user: fields)
        #expect("\(configuration.credentials)" == credentials)
    }

    @Test(
        "given a plugin that is not described well, when it is loaded, then line and field are named",
        arguments: [
            ("command: x", "line 9: users[u].user.exec.apiVersion is missing"),
            ("apiVersion: client.authentication.k8s.io/v1", "users[u].user.exec.command is missing"),
            (
                "apiVersion: client.authentication.k8s.io/v1alpha1, command: x",
                "users[u].user.exec.apiVersion is 'client.authentication.k8s.io/v1alpha1': it has to be "
                    + "client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1"
            ),
            (
                "apiVersion: client.authentication.k8s.io/v1, command: x",
                "exec.interactiveMode is missing: client.authentication.k8s.io/v1 wants Never, IfAvailable or Always"
            ),
            (
                "apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: never",
                "exec.interactiveMode is 'never'"
            ),
            (v1 + ", stdin: true", "users[u].user.exec.stdin is not supported by this client"),
            (v1 + ", args: [1]", "users[u].user.exec.args[0] has to be a string"),
            (v1 + ", env: [{value: canary}]", "users[u].user.exec.env[0].name is missing"),
            (v1 + ", env: [{name: A, value: 12345}]", "users[u].user.exec.env[0].value has to be a string"),
            (v1 + ", env: [{name: 'A=B', value: canary}]", "env[0].name holds an equals sign"),
            (v1 + ", env: {A: canary}", "users[u].user.exec.env has to be a list"),
            (v1 + ", provideClusterInfo: 'yes'", "exec.provideClusterInfo has to be true or false"),
        ]
    )
    func refused(exec: String, words: String) throws {
        let error = try #require(throws: KubeError.self) { try load(exec: exec) }
        #expect(error.code == .configuration)
        #expect(error.message.contains("/config: line 9: "), "\(error.message)")
        #expect(error.message.contains(words), "\(error.message)")
        for secret in ["canary", "12345"] { #expect(!"\(error)".contains(secret)) }
    }

    @Test("given an auth-provider, when it is loaded, then it is refused with what to use instead")
    func authProvider() throws {
        let error = try #require(throws: KubeError.self) {
            try load(exec: Self.v1, user: "\n    auth-provider: {name: gcp, config: {access-token: canary}}")
        }
        #expect(
            error.message.hasSuffix(
                "line 10: users[u].user.auth-provider is not supported: Kubernetes 1.26 removed it, "
                    + "use a credential plugin (exec) instead"
            )
        )
    }

    @Test("given a plugin with secrets in its variables, when it is printed, then they are not there")
    func printed() throws {
        let configuration = try load(exec: Self.v1 + ", args: [canary], env: [{name: A, value: canary}]")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("canary"))
        }
        #expect("\(configuration.credentials)" == "exec plugin aws")
    }
}
