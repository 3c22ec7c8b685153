// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A process listens where only its own pod can reach it.
    public static let listenAddressLocal = CauseClass(rawValue: "ListenAddressLocal")
}

/// Judges why a probe fails: for a fault of its own, or because the process is not well.
struct ProbeJudge {
    struct Verdict {
        var causeClass: CauseClass
        var message: String
        var confidence: Double
        var isCause = true
    }

    let kind: ProbeKind
    let probe: Probe
    let container: ContainerView
    let snapshot: Snapshot

    func verdict(on symptom: ProbeSymptom) -> Verdict {
        switch symptom {
        case .otherProtocol: return trouble(.wrongProtocol, "the server speaks another protocol than the probe", 0.95)
        case .commandMissing: return trouble(.wrongCommand, "its command is not in the image", 0.9)
        case .status(404): return trouble(.wrongPath, "the server does not know the path", 0.85)
        case .status(400) where probe.scheme != "HTTPS":
            return trouble(.wrongProtocol, "the server refuses the form of the request, as one for HTTPS does", 0.7)
        case .status(let code) where code == 401 || code == 403:
            return trouble(.wrongPath, "the server wants credentials for the path (status \(code))", 0.65)
        case .status(405): return trouble(.wrongPath, "the server does not answer GET on the path", 0.7)
        case .refused: return refusal
        case .dropped: return isAnsweredOtherwise ? otherMethod : unwell("the server drops the connection")
        case .timeout where kind != .readiness: return tooSlow
        case .timeout: return unwell("no answer in time")
        case .status(let code): return unwell("the process answers with status \(code)")
        case .other: return unwell("the process does not say that it is well")
        }
    }

    private func trouble(_ trouble: ProbeTrouble, _ message: String, _ confidence: Double) -> Verdict {
        Verdict(causeClass: kind.causeClass(trouble), message: message, confidence: confidence)
    }

    /// The process says of itself that it is not well: why is to be found in it or in what it depends on.
    private func unwell(_ message: String) -> Verdict {
        Verdict(causeClass: kind.causeClass(.failing), message: message, confidence: 0.9, isCause: false)
    }

    private var otherMethod: Verdict {
        trouble(.wrongProtocol, "another probe of the same port gets an answer, by another protocol", 0.85)
    }

    private var tooSlow: Verdict {
        trouble(.tooAggressive, "no answer within its timeout of \(probe.timeoutSeconds) seconds", 0.75)
    }

    // MARK: Ports

    private var port: Int? { probe.portNumber(in: container.spec) }

    private var others: [(kind: ProbeKind, probe: Probe, port: Int)] {
        ProbeKind.allCases.filter { $0 != kind }.compactMap { kind in
            guard let probe = kind.probe(of: container.spec), let port = probe.portNumber(in: container.spec) else {
                return nil
            }
            return (kind, probe, port)
        }
    }

    /// Whether a probe of the same port that speaks another protocol passes.
    private var isAnsweredOtherwise: Bool {
        others.contains { other in
            guard other.port == port, let method = other.probe.method, method != probe.method, method != .tcpSocket
            else {
                return false
            }
            return passes(other.kind)
        }
    }

    private func passes(_ other: ProbeKind) -> Bool {
        switch other {
        case .readiness: container.status.isReady
        case .startup: container.status.hasStarted == true
        // It would have had the container killed.
        case .liveness:
            container.status.restartCount == 0 && container.upFor ?? .zero > patience(of: other)
                && !snapshot.events(about: container).contains {
                    $0.reason == "Unhealthy" && $0.message.hasPrefix(other.rawValue)
                }
        }
    }

    private var refusal: Verdict {
        guard let port else {
            return trouble(.wrongPort, "the container has no port of the name \(probe.port ?? "")", 0.9)
        }
        let message = "nothing listens on the port"
        // A gRPC probe says the same of a server that does not speak gRPC.
        if probe.method == .grpc, isAnsweredOtherwise { return otherMethod }
        let logged = listening
        if isLocal(port) {
            return Verdict(
                causeClass: .listenAddressLocal,
                message:
                    "the process listens on the port at 127.0.0.1 only, which is out of reach from outside of the pod",
                confidence: 0.88
            )
        }
        if logged.contains(port) { return silence("the process listens on the port, though not from the start") }
        let otherPorts = others.map(\.port)
        // Two probes that ask the same port confirm each other; the process does not listen yet, or not any more.
        if otherPorts.contains(port) { return silence(message) }
        if let elsewhere = logged.min() {
            return trouble(.wrongPort, "\(message); the process says that it listens on \(elsewhere)", 0.93)
        }
        let declared = container.spec.ports.map(\.number)
        let isMeantForAnother = container.pod.spec.containers.contains { neighbour in
            neighbour.name != container.status.name && neighbour.ports.contains { $0.number == port }
        }
        if isMeantForAnother { return unwell("\(message), which is one of another container of the pod") }
        // Ready by another port: the process listens, but not where this probe asks.
        if container.status.isReady, !otherPorts.isEmpty { return trouble(.wrongPort, message, 0.95) }
        if !declared.isEmpty, !declared.contains(port) {
            // The proxy of a service mesh takes over probes, on a port that nobody declares.
            let isAlone = container.pod.spec.containers.count == 1 || !otherPorts.isEmpty
            return trouble(.wrongPort, message, isAlone ? 0.95 : 0.45)
        }
        if !otherPorts.isEmpty { return trouble(.wrongPort, message, 0.8) }
        if declared.isEmpty, let expected = serviceTarget, expected != port {
            return trouble(.wrongPort, "\(message); its Service forwards to \(expected)", 0.7)
        }
        return silence(message)
    }

    /// The ports on which the process says that it listens.
    private var listening: Set<Int> {
        snapshot.logs(of: container.status.name, in: container.pod)
            .reduce(into: []) { $0.formUnion(ListeningPort.all(in: $1.lines)) }
    }

    /// Whether the present process says that it listens on a port for its own pod only.
    private func isLocal(_ port: Int) -> Bool {
        let logs = snapshot.logs(of: container.status.name, in: container.pod)
        return ListeningPort.local(in: logs.flatMap(\.lines)).contains(port)
    }

    /// The one port to which the Services of the pod forward; nil if there are several, or none.
    private var serviceTarget: Int? {
        let services = snapshot.services.items(in: container.pod.metadata.namespace ?? "")
            .filter { $0.selects(container.pod.metadata.labels) }
        let targets = Set(services.flatMap(\.ports).compactMap { $0.targetPort?.intValue })
        return targets.count == 1 ? targets.first : nil
    }

    // MARK: Time

    private func patience(of kind: ProbeKind) -> Duration {
        guard let probe = kind.probe(of: container.spec) else { return .zero }
        return .seconds(probe.initialDelaySeconds + probe.periodSeconds * probe.failureThreshold)
    }

    /// Judges a process that does not listen on the port on which it ought to.
    private func silence(_ message: String) -> Verdict {
        let patience = patience(of: kind)
        if kind != .readiness {
            if let start = startTime, .seconds(start) > patience {
                return trouble(
                    .tooAggressive,
                    "the process takes about \(start) seconds to start, and gets \(patience.components.seconds)",
                    0.9
                )
            }
            if patience < .seconds(30) {
                return trouble(
                    .tooAggressive,
                    "the process gets only \(patience.components.seconds) seconds until it has to listen",
                    0.75
                )
            }
            if ProbeKill(container: container, snapshot: snapshot).isOfStart(kind) {
                return trouble(
                    .tooAggressive,
                    "the process still starts, without a word of trouble, when the kubelet ends it after "
                        + "\(patience.components.seconds) seconds",
                    0.7
                )
            }
        }
        // Why it does not listen is to be found in the process, not in the probe.
        return Verdict(causeClass: .containerPortNotServed, message: message, confidence: 0.9, isCause: false)
    }

    /// How many seconds the process says that it needed to start; nil if it does not say.
    private var startTime: Int? {
        snapshot.logs(of: container.status.name, in: container.pod)
            .flatMap { $0.lines.suffix(500) }.compactMap(StartTime.seconds).max()
    }
}

/// How long a process says that its start took, as in `Started Application in 36.077 seconds`.
enum StartTime {
    /// The seconds, rounded up; nil if the line is about something else.
    static func seconds(in line: String) -> Int? {
        guard line.utf8.count <= 400 else { return nil }
        let words = line.split(whereSeparator: \.isWhitespace)
        guard let start = words.firstIndex(where: { $0.lowercased() == "started" }) else { return nil }
        for index in words.indices.dropFirst(start + 1) where words[index] == "in" && index + 2 < words.count {
            guard let number = Double(words[index + 1]), number >= 0, number < 86_400 else { continue }
            let unit = words[index + 2].lowercased()
            if unit.hasPrefix("sec") || unit == "s" { return Int(number.rounded(.up)) }
            if unit.hasPrefix("ms") || unit.hasPrefix("millis") { return Int((number / 1000).rounded(.up)) }
        }
        return nil
    }
}
