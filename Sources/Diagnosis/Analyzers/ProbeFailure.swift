// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Which of a container's probes fails, from the kubelet's event.
enum ProbeKind: String, CaseIterable, Sendable {
    case liveness = "Liveness"
    case readiness = "Readiness"
    case startup = "Startup"

    func probe(of container: Container) -> Probe? {
        switch self {
        case .liveness: container.livenessProbe
        case .readiness: container.readinessProbe
        case .startup: container.startupProbe
        }
    }

    /// The class of a trouble with this probe, such as `LivenessProbeWrongPort`.
    func causeClass(_ trouble: ProbeTrouble) -> CauseClass {
        CauseClass(rawValue: "\(rawValue)Probe\(trouble.rawValue)")
    }
}

/// What is wrong with a probe.
enum ProbeTrouble: String, CaseIterable, Sendable {
    /// It asks a port on which nothing listens.
    case wrongPort = "WrongPort"
    /// It speaks another protocol than the server.
    case wrongProtocol = "WrongProtocol"
    /// It asks for a path that the server does not know.
    case wrongPath = "WrongPath"
    /// Its command is not in the image.
    case wrongCommand = "WrongCommand"
    /// It gives a process that is still starting, or is only slow, too little time.
    case tooAggressive = "TooAggressive"
    /// The process itself says that it is not well.
    case failing = "Failing"
}

/// How the last attempt of a probe failed.
enum ProbeSymptom: Hashable {
    case refused
    case otherProtocol
    case timeout
    case status(Int)
    case commandMissing
    /// The server took the connection and dropped it.
    case dropped
    case other

    /// Reads what the kubelet says after `Liveness probe failed: `.
    init(_ text: String, method: Probe.Method?) {
        let lowered = text.lowercased()
        func has(_ words: String...) -> Bool { words.contains { lowered.contains($0) } }
        if has(
            "malformed http",
            "server gave http response",
            "first record does not look like",
            "server preface",
            "unexpected http status",
            "http/1.x transport connection broken",
            "does not implement the grpc health",
            "tls: handshake failure",
            "tls: unsupported protocol"
        ) && method != .exec {
            self = .otherProtocol
        } else if has("executable file not found", "no such file or directory") && method == .exec {
            self = .commandMissing
        } else if let code = text.word(after: "statuscode: ").flatMap({ Int($0) }) {
            self = .status(code)
        } else if has("connection refused") || has("failed to connect service") {
            // The gRPC probe says no more than this of a port on which nothing listens.
            self = .refused
        } else if method != .exec, has("connection reset by peer") || lowered.hasSuffix(": eof") {
            self = .dropped
        } else if has("timeout", "timed out", "deadline exceeded") {
            self = .timeout
        } else {
            self = .other
        }
    }
}
