// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A process does not listen on a port that it says it serves.
    public static let containerPortNotServed = CauseClass(rawValue: "ContainerPortNotServed")
}

/// Containers that run and do not pass their probes.
///
/// An event tells of a failed probe long after it passed again. It counts only while the container shows it: a
/// readiness or startup probe while the container is not ready, a liveness probe while it also keeps being started
/// again.
struct ProbeAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        ContainerView.all(in: snapshot).flatMap { container in
            ProbeKind.allCases.compactMap { finding($0, container, in: snapshot) }
        }
    }

    private func finding(_ kind: ProbeKind, _ container: ContainerView, in snapshot: Snapshot) -> Finding? {
        guard let probe = kind.probe(of: container.spec), isShown(kind, container) else { return nil }
        let events = snapshot.events(about: container).filter {
            $0.reason == "Unhealthy" && $0.message.hasPrefix(kind.rawValue)
        }
        guard let event = Self.mostTelling(events, probe) else { return nil }
        let symptom = ProbeSymptom(event.message, method: probe.method)
        let verdict = judge(kind, symptom, probe, container)
        let place = probe.place(in: container.spec).map { " (\($0))" } ?? ""
        var finding = snapshot.cause(
            verdict.causeClass,
            of: container,
            confidence: verdict.confidence,
            message: "the \(kind.rawValue.lowercased()) probe\(place) of \(container.title) fails: \(verdict.message)",
            evidence: [
                .event(event, about: container.pod.reference),
                .field(
                    container.statusPath,
                    of: container.pod.reference,
                    "ready: \(container.status.isReady), \(Count.text(container.status.restartCount, "restart"))"
                ),
            ]
        )
        finding.isCause = verdict.isCause
        return finding
    }

    private func isShown(_ kind: ProbeKind, _ container: ContainerView) -> Bool {
        switch kind {
        case .readiness, .startup:
            return !container.status.isReady && (container.status.state.running != nil || container.isBackingOff)
        case .liveness:
            guard container.status.restartCount > 0 else { return false }
            guard let last = container.status.lastState.terminated else { return container.isBackingOff }
            let isShown = container.isBackingOff || container.currentTermination != nil || !container.status.isReady
            return isShown && Self.canBeKill(last, by: container.spec.livenessProbe ?? Probe())
        }
    }

    /// Whether a run may have been ended by the kubelet for its probe.
    ///
    /// A process that is told to stop ends by the signal, or well, or with a code of its own, of which 2 is the one that
    /// a Go program also crashes with. And the probe must have had the time to fail often enough.
    private static func canBeKill(_ run: ContainerState.Terminated, by probe: Probe) -> Bool {
        guard [0, 2, 137, 143].contains(run.exitCode), !OutOfMemoryAnalyzer.isMemoryKill(run) else { return false }
        guard let began = run.startedAt, let ended = run.finishedAt else { return run.exitCode != 2 }
        let earliest = probe.initialDelaySeconds + probe.periodSeconds * (probe.failureThreshold - 1)
        // The times are whole seconds.
        return ended.since(began) >= .seconds(max(0, earliest - 1))
    }

    /// While a process starts every probe is refused or too slow: what else it said before tells more.
    private static func mostTelling(_ events: [Event], _ probe: Probe) -> Event? {
        let telling = events.first {
            switch ProbeSymptom($0.message, method: probe.method) {
            case .otherProtocol, .commandMissing: true
            default: false
            }
        }
        return telling ?? events.first
    }

    private struct Verdict {
        var causeClass: CauseClass
        var message: String
        var confidence: Double
        var isCause = true
    }

    private func judge(
        _ kind: ProbeKind,
        _ symptom: ProbeSymptom,
        _ probe: Probe,
        _ container: ContainerView
    ) -> Verdict {
        func verdict(_ trouble: ProbeTrouble, _ message: String, _ confidence: Double) -> Verdict {
            Verdict(causeClass: kind.causeClass(trouble), message: message, confidence: confidence)
        }
        switch symptom {
        case .otherProtocol: return verdict(.wrongProtocol, "the server speaks another protocol than the probe", 0.95)
        case .commandMissing: return verdict(.wrongCommand, "its command is not in the image", 0.9)
        case .status(404): return verdict(.wrongPath, "the server does not know the path", 0.85)
        case .status(400) where probe.scheme != "HTTPS":
            return verdict(.wrongProtocol, "the server refuses the form of the request, as one for HTTPS does", 0.7)
        case .refused: return judgeRefusal(kind, probe, container)
        case .timeout:
            guard kind != .readiness else { break }
            return verdict(.tooAggressive, "no answer within its timeout of \(probe.timeoutSeconds) seconds", 0.75)
        case .status(let code):
            return symptomOnly(kind, "the process answers with status \(code)")
        case .other: break
        }
        return symptomOnly(kind, symptom == .timeout ? "no answer in time" : "the process does not say that it is well")
    }

    /// The process says of itself that it is not well: why is to be found in it or in what it depends on.
    private func symptomOnly(_ kind: ProbeKind, _ message: String) -> Verdict {
        Verdict(causeClass: kind.causeClass(.failing), message: message, confidence: 0.9, isCause: false)
    }

    private func judgeRefusal(_ kind: ProbeKind, _ probe: Probe, _ container: ContainerView) -> Verdict {
        let port = probe.portNumber(in: container.spec)
        let declared = container.spec.ports.map(\.number)
        let others = ProbeKind.allCases.filter { $0 != kind }.compactMap {
            $0.probe(of: container.spec)?.portNumber(in: container.spec)
        }
        let message = "nothing listens on the port"
        guard let port else {
            return Verdict(
                causeClass: kind.causeClass(.wrongPort),
                message: "the container has no port of the name \(probe.port ?? "")",
                confidence: 0.9
            )
        }
        // Two probes that ask the same port confirm each other; the process does not listen yet, or not any more.
        if others.contains(port) { return judgeSilence(kind, probe, message) }
        // Ready by another port: the process listens, but not where this probe asks.
        let isServedElsewhere = container.status.isReady && !others.isEmpty
        if isServedElsewhere || (!declared.isEmpty && !declared.contains(port)) {
            return Verdict(causeClass: kind.causeClass(.wrongPort), message: message, confidence: 0.95)
        }
        if !others.isEmpty {
            return Verdict(causeClass: kind.causeClass(.wrongPort), message: message, confidence: 0.8)
        }
        return judgeSilence(kind, probe, message)
    }

    /// Judges a process that does not listen on the port on which it ought to.
    private func judgeSilence(_ kind: ProbeKind, _ probe: Probe, _ message: String) -> Verdict {
        let patience = probe.initialDelaySeconds + probe.periodSeconds * probe.failureThreshold
        if kind != .readiness, patience < 30 {
            return Verdict(
                causeClass: kind.causeClass(.tooAggressive),
                message: "the process gets only \(patience) seconds until it has to listen",
                confidence: 0.75
            )
        }
        // Why it does not listen is to be found in the process, not in the probe.
        return Verdict(causeClass: .containerPortNotServed, message: message, confidence: 0.9, isCause: false)
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        let trouble = ProbeTrouble.allCases.first { trouble in
            ProbeKind.allCases.contains { $0.causeClass(trouble) == cause.causeClass }
        }
        guard trouble != nil || cause.causeClass == .containerPortNotServed else { return [] }
        return [
            Recommendation(
                title: trouble == .tooAggressive ? "Give the process more time" : "Correct the probe, or the server",
                description: trouble == .tooAggressive
                    ? "A startup probe lets it start slowly without making the liveness probe lenient; see also "
                        + "timeoutSeconds and failureThreshold."
                    : "Compare port, path and scheme of the probe with what the process really serves.",
                command: "kubectl -n \(cause.object.namespace) get \(cause.object.kind.lowercased()) "
                    + "\(cause.object.name) -o yaml",
                risk: .none
            )
        ]
    }
}

extension Probe {
    /// The number of the port, which may be given by name.
    func portNumber(in container: Container) -> Int? {
        guard let port else { return nil }
        return Int(port) ?? container.ports.first { $0.name == port }?.number
    }

    /// Where it asks, for people.
    func place(in container: Container) -> String? {
        guard let method else { return nil }
        switch method {
        case .exec: return "a command"
        case .httpGet: return "\(scheme ?? "HTTP") port \(port ?? "?")"
        case .tcpSocket: return "TCP port \(port ?? "?")"
        case .grpc: return "gRPC port \(port ?? "?")"
        }
    }
}
