// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// The end of a container's last run by the kubelet, for a probe.
struct ProbeKill {
    let container: ContainerView
    let snapshot: Snapshot

    /// The most lines of each log that are looked at.
    private static let maximumLines = 500

    /// Whether the kubelet says that it ended the last run for a probe; what code the process then ended with is its own
    /// affair.
    func isFor(_ kind: ProbeKind) -> Bool {
        guard let run, !OutOfMemoryAnalyzer.isMemoryKill(run) else { return false }
        return snapshot.events(about: container).contains { event in
            guard event.reason == "Killing", event.message.contains("failed \(kind.rawValue.lowercased()) probe"),
                let seen = event.lastSeen, let ended = run.finishedAt
            else { return false }
            // It is said before the process is told to stop, and that may take its whole grace period.
            return seen <= ended.advanced(by: .seconds(5)) && ended.since(seen) <= .seconds(grace + 5)
        }
    }

    /// Whether the kubelet says that it ended the last run for a probe, whichever.
    var isCertain: Bool { isFor(.liveness) || isFor(.startup) }

    /// Whether the run was ended while the process still started, by all that its log says.
    ///
    /// It lasted as long as the probe lets it, and the log has neither a word of trouble, nor of waiting for somebody
    /// else, nor of a port that is open.
    func isOfStart(_ kind: ProbeKind) -> Bool {
        guard isFor(kind), lasted(as: kind) else { return false }
        let lines = snapshot.logs(of: container.status.name, in: container.pod)
            .flatMap { $0.lines.suffix(Self.maximumLines) }.filter { !$0.allSatisfy(\.isWhitespace) }
        return !lines.isEmpty && ListeningPort.all(in: lines).isEmpty
            && !lines.contains { TroubleWords.areIn($0) || TroubleWords.tellOfWaiting(in: $0) }
    }

    private var run: ContainerState.Terminated? {
        container.status.lastState.terminated ?? container.status.state.terminated
    }

    private var grace: Int { container.pod.spec.terminationGracePeriodSeconds ?? 30 }

    /// Whether the run was as long as that of a process that never passed the probe.
    private func lasted(as kind: ProbeKind) -> Bool {
        guard let probe = kind.probe(of: container.spec), let began = run?.startedAt, let ended = run?.finishedAt else {
            return false
        }
        let earliest = probe.initialDelaySeconds + probe.periodSeconds * (probe.failureThreshold - 1)
        // The first probe comes at any time within its first period, and each may take its whole timeout.
        let latest =
            probe.initialDelaySeconds + probe.periodSeconds * (probe.failureThreshold + 1) + probe.timeoutSeconds
            + grace
        // The times are whole seconds.
        return ended.since(began) >= .seconds(max(0, earliest - 1)) && ended.since(began) <= .seconds(latest + 1)
    }
}
