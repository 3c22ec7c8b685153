// SPDX-License-Identifier: Apache-2.0
import JSON

/// A program that hands out credentials (`exec` in a kubeconfig, KEP-541).
///
/// It is started when a request needs credentials and there are none, once for all requests that wait at the time.
/// What it prints is used until it expires, or, if it names no end, until the server answers with 401.
public struct ExecPlugin: Sendable, Hashable {
    /// Whether the program may talk to the person at the terminal.
    public enum InteractiveMode: String, Sendable, Hashable {
        /// Never: it has no standard input.
        case never = "Never"
        /// If standard input is a terminal.
        case ifAvailable = "IfAvailable"
        /// It cannot do without: where standard input is no terminal it is not started.
        case always = "Always"
    }

    /// Versions of `client.authentication.k8s.io` in which a plugin may answer.
    public static var supportedVersions: [String] {
        ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
    }

    /// The version in which the plugin is asked and has to answer; one of ``supportedVersions``.
    public var apiVersion: String
    /// The program: a name that is looked up in `PATH`, or the path of a file.
    public var command: String
    /// The program's arguments.
    public var arguments: [String]
    /// Variables that the program gets besides those of this process.
    public var environment: [String: String]
    /// What to tell whoever has not installed the program; empty for nothing.
    public var installHint: String
    /// Whether the program may talk to the person at the terminal.
    public var interactiveMode: InteractiveMode
    /// How long the program may take.
    ///
    /// One that may talk to a person gets ten minutes if this is shorter.
    public var timeLimit: Duration = .seconds(60)
    /// What the program is told of the cluster (`spec.cluster` of its `ExecCredential`); nil for nothing.
    var cluster: JSONValue?
    /// Where it is configured, for errors; empty if not in a file.
    var origin = ""

    /// Creates a plugin.
    public init(
        apiVersion: String = "client.authentication.k8s.io/v1",
        command: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        installHint: String = "",
        interactiveMode: InteractiveMode = .ifAvailable
    ) {
        self.apiVersion = apiVersion
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.installHint = installHint
        self.interactiveMode = interactiveMode
    }

    /// What the program finds in `KUBERNETES_EXEC_INFO`.
    func request(isInteractive: Bool) -> [UInt8] {
        var spec: JSONValue = ["interactive": .bool(isInteractive)]
        if let cluster { spec = ["cluster": cluster, "interactive": .bool(isInteractive)] }
        return JSON.encode(["kind": "ExecCredential", "apiVersion": .string(apiVersion), "spec": spec] as JSONValue)
    }

    /// An error about this plugin.
    func failure(_ message: String, cause: (any Error)? = nil) -> KubeError {
        KubeError(
            code: .configuration,
            message: "the exec plugin '\(command)'\(origin.isEmpty ? "" : " (\(origin))") \(message)",
            cause: cause
        )
    }
}

// Arguments and variables may hold a secret.
extension ExecPlugin: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The program, without its arguments and variables.
    public var description: String { "exec plugin \(command)" }
    /// The program, without its arguments and variables.
    public var debugDescription: String { description }
    /// No parts.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
