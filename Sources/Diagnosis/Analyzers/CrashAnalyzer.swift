// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The container's own process ends with an error.
    public static let applicationCrash = CauseClass(rawValue: "ApplicationCrash")
    /// The container's process ends without an error although it is to run for ever.
    public static let containerExitedEarly = CauseClass(rawValue: "ContainerExitedEarly")
}

/// Containers whose process keeps ending, or has ended with an error for good.
///
/// Memory kills belong to ``OutOfMemoryAnalyzer``, processes that could not even start to ``ContainerConfigAnalyzer``.
struct CrashAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        ContainerView.all(in: snapshot).compactMap { finding($0, in: snapshot) }
    }

    private func finding(_ container: ContainerView, in snapshot: Snapshot) -> Finding? {
        let termination = container.currentTermination
        // How the last run ended is not always recorded; that it has ended is certain while the kubelet backs off.
        guard termination != nil || container.isBackingOff,
            !(termination.map(OutOfMemoryAnalyzer.isMemoryKill) ?? false),
            !(termination.map(ContainerConfigAnalyzer.isStartFailure) ?? false),
            !JobAttempts.isHistory(container.pod, in: snapshot), !Self.isEndedAsAWhole(container.pod)
        else { return nil }
        let exitedWell = termination?.exitCode == 0
        // An exit code of 0 is trouble only if the kubelet keeps starting the container again.
        guard !exitedWell || container.isBackingOff else { return nil }

        let name = container.status.name
        let line = explainingLine(container, termination, in: snapshot)
        var message =
            exitedWell
            ? "\(container.title) ends by itself with exit code 0, but is to run for ever"
            : "\(container.title) \(termination.map { ExitCode.explain($0.exitCode) } ?? "keeps ending")"
        if let line { message += ", saying: \(LogLine.stable(line.text))" }
        return Finding(
            causeClass: exitedWell ? .containerExitedEarly : .applicationCrash,
            object: container.pod.reference,
            owner: snapshot.owner(of: container.pod),
            container: name,
            severity: .high,
            message: message,
            confidence: confidence(line?.text, of: container, exitedWell: exitedWell, in: snapshot),
            isCause: true,
            evidence: evidence(container, termination, line)
        )
    }

    /// Whether the node has ended the pod, as in an eviction: what its containers are told to do then is no crash.
    private static func isEndedAsAWhole(_ pod: Pod) -> Bool {
        pod.status.phase == "Failed" && !(pod.status.reason ?? "").isEmpty
    }

    /// That the process ends is sure; that nothing more special could be said of the reason is not.
    ///
    /// The process's own words make it likelier that the fault is its own, unless they blame another program. One that
    /// the kubelet has ended for a probe did not end by itself.
    private func confidence(
        _ line: String?,
        of container: ContainerView,
        exitedWell: Bool,
        in snapshot: Snapshot
    ) -> Double {
        if ProbeKill(container: container, snapshot: snapshot).isCertain { return 0.6 }
        let isElsewhere = line.flatMap { LogScan.sign(of: $0) }?.isAboutDependency ?? false
        let log = snapshot.log(of: container.status.name, in: container.pod)?.lines ?? []
        let hasWords = line.map { TroubleWords.areIn($0) || LogLine.report(of: log) != nil } ?? false
        if hasWords && isElsewhere { return 0.55 }
        if exitedWell { return 0.75 }
        return hasWords ? 0.65 : 0.6
    }

    private func explainingLine(
        _ container: ContainerView,
        _ termination: ContainerState.Terminated?,
        in snapshot: Snapshot
    ) -> (text: String, source: String)? {
        if let log = snapshot.log(of: container.status.name, in: container.pod),
            let text = LogLine.explaining(log.lines)
        {
            return (text, "log of container \(log.container)\(log.isPrevious ? ", previous run" : "")")
        }
        let words = (termination?.message ?? "").split(whereSeparator: \.isNewline).map(String.init)
        let state = container.status.state.terminated == nil ? "lastState" : "state"
        return LogLine.explaining(words).map { ($0, "\(container.statusPath).\(state).terminated.message") }
    }

    private func evidence(
        _ container: ContainerView,
        _ termination: ContainerState.Terminated?,
        _ line: (text: String, source: String)?
    ) -> [EvidenceItem] {
        var items = [
            EvidenceItem(
                kind: .object,
                source: container.statusPath,
                object: container.pod.reference,
                text: (termination.map { termination in
                    "terminated with exit code \(termination.exitCode)"
                        + (termination.reason.isEmpty ? "" : ", reason \(termination.reason)")
                } ?? "no record of its last end")
                    + ", \(Count.text(container.status.restartCount, "restart"))"
                    + (container.isBackingOff ? ", waiting: CrashLoopBackOff" : "")
            )
        ]
        if let line {
            let kind: EvidenceItem.Kind = line.source.hasPrefix("log") ? .log : .object
            items.append(
                EvidenceItem(kind: kind, source: line.source, object: container.pod.reference, text: line.text)
            )
        }
        return items
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .applicationCrash || cause.causeClass == .containerExitedEarly else { return [] }
        guard let pod = cause.objects.first else { return [] }
        var command = "kubectl -n \(pod.namespace) logs \(pod.name) --previous"
        if let container = cause.container { command += " -c \(container)" }
        if cause.causeClass == .containerExitedEarly {
            return [
                Recommendation(
                    title: "Give the container a command that stays",
                    description: "Its process finishes its work and ends. If that is right, a Job fits better than "
                        + "a workload that restarts it.",
                    command: command,
                    risk: .none
                )
            ]
        }
        return [
            Recommendation(
                title: "Read the log of the failed run",
                description: "The lines before the quoted one usually tell what the process wanted and did not get. "
                    + "The fault lies in the program, its configuration or what it depends on; starting it again "
                    + "does not help.",
                command: command,
                risk: .none
            )
        ]
    }
}
