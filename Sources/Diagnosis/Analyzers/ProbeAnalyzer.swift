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
        guard let probe = kind.probe(of: container.spec), isShown(kind, container, in: snapshot) else { return nil }
        let events = snapshot.events(about: container).filter {
            $0.reason == "Unhealthy" && $0.message.hasPrefix(kind.rawValue)
        }
        guard let event = Self.mostTelling(events, probe) else { return nil }
        let symptom = ProbeSymptom(event.message, method: probe.method)
        let verdict = ProbeJudge(kind: kind, probe: probe, container: container, snapshot: snapshot).verdict(
            on: symptom
        )
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

    private func isShown(_ kind: ProbeKind, _ container: ContainerView, in snapshot: Snapshot) -> Bool {
        switch kind {
        case .readiness:
            return !container.status.isReady && (container.status.state.running != nil || container.isBackingOff)
        case .startup:
            // A startup probe has the container killed as well; once it has passed it asks no more.
            return !container.status.isReady && container.status.hasStarted != true
                && (container.status.state.running != nil || container.isBackingOff)
        case .liveness:
            guard container.status.restartCount > 0 else { return false }
            guard let last = container.status.lastState.terminated else { return container.isBackingOff }
            let isShown = container.isBackingOff || container.currentTermination != nil || !container.status.isReady
            return isShown
                && (ProbeKill(container: container, snapshot: snapshot).isFor(kind)
                    || Self.canBeKill(last, by: container.spec.livenessProbe ?? Probe()))
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

    func recommendations(for cause: Cause) -> [Recommendation] {
        let trouble = ProbeTrouble.allCases.first { trouble in
            ProbeKind.allCases.contains { $0.causeClass(trouble) == cause.causeClass }
        }
        if cause.causeClass == .listenAddressLocal {
            return [
                Recommendation(
                    title: "Let the process listen on 0.0.0.0",
                    description: "Probes and Services come in over the pod's own address; 127.0.0.1 is for the other "
                        + "containers of the pod.",
                    command: "kubectl -n \(cause.object.namespace) get \(cause.object.kind.lowercased()) "
                        + "\(cause.object.name) -o yaml",
                    risk: .none
                )
            ]
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
