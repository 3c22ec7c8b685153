// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The image would run as root, which the pod forbids.
    public static let runAsNonRootViolation = CauseClass(rawValue: "RunAsNonRootViolation")
    /// What the container is to be made of is not acceptable to the kubelet.
    public static let containerConfigInvalid = CauseClass(rawValue: "ContainerConfigInvalid")
    /// The runtime cannot make the container.
    public static let containerCreateFailed = CauseClass(rawValue: "ContainerCreateFailed")
    /// The command of the container is not in its image.
    public static let containerCommandNotFound = CauseClass(rawValue: "ContainerCommandNotFound")
    /// The command of the container may not be executed.
    public static let containerCommandNotExecutable = CauseClass(rawValue: "ContainerCommandNotExecutable")
    /// The image is made for another kind of processor.
    public static let imageArchitectureMismatch = CauseClass(rawValue: "ImageArchitectureMismatch")
    /// The runtime cannot start the container.
    public static let containerStartFailed = CauseClass(rawValue: "ContainerStartFailed")
    /// A hook that runs with the container's start fails.
    public static let containerHookFailed = CauseClass(rawValue: "ContainerHookFailed")
}

/// Containers that the kubelet or the runtime cannot make or start.
struct ContainerConfigAnalyzer: Analyzer {
    private static let reasons: [String: CauseClass] = [
        "CreateContainerConfigError": .containerConfigInvalid,
        "CreateContainerError": .containerCreateFailed,
        "RunContainerError": .containerStartFailed,
        "StartError": .containerStartFailed,
        "ContainerCannotRun": .containerStartFailed,
        "PreCreateHookError": .containerHookFailed,
        "PreStartHookError": .containerHookFailed,
        "PostStartHookError": .containerHookFailed,
    ]

    /// Whether the runtime could not even start the process: nothing of the container's own has run.
    static func isStartFailure(_ termination: ContainerState.Terminated) -> Bool {
        termination.reason == "StartError" || termination.reason == "ContainerCannotRun"
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        ContainerView.allAndEphemeral(in: snapshot).compactMap { container in
            if let waiting = container.status.state.waiting, let general = Self.reasons[waiting.reason] {
                return finding(general, container, .waiting(container, waiting), waiting.message, in: snapshot)
            }
            if let event = Self.failedHook(of: container, in: snapshot) {
                let shown = EvidenceItem.event(event, about: container.pod.reference)
                return finding(.containerHookFailed, container, shown, event.message, in: snapshot)
            }
            guard let termination = container.currentTermination, Self.isStartFailure(termination) else { return nil }
            let shown = EvidenceItem.field(
                "\(container.statusPath).terminated",
                of: container.pod.reference,
                "\(termination.reason): \(termination.message)"
            )
            return finding(.containerStartFailed, container, shown, termination.message, in: snapshot)
        }
    }

    /// How long before or after the end of a run the kubelet may speak of its hook.
    private static let tolerance = Duration.seconds(30)

    /// What the kubelet says of the hook for which it has ended the last run; nil if it did not.
    ///
    /// A hook also fails where the process is gone already: that one ends by itself, and with a code of its own.
    private static func failedHook(of container: ContainerView, in snapshot: Snapshot) -> Event? {
        guard container.isBackingOff, let run = container.status.lastState.terminated, let ended = run.finishedAt,
            !OutOfMemoryAnalyzer.isMemoryKill(run)
        else { return nil }
        let events = snapshot.events(about: container).filter { event in
            event.lastSeen.map { $0 <= ended.advanced(by: tolerance) && ended.since($0) <= tolerance } ?? false
        }
        let isKilled =
            [137, 143].contains(run.exitCode)
            || events.contains { $0.reason == "Killing" && $0.message.contains("PostStartHook") }
        return isKilled ? events.first { $0.reason == "FailedPostStartHook" } : nil
    }

    private func finding(
        _ general: CauseClass,
        _ container: ContainerView,
        _ shown: EvidenceItem,
        _ message: String,
        in snapshot: Snapshot
    ) -> Finding {
        var evidence = [shown]
        var text = message
        // Between two attempts the container's own message is empty; the event still has the reason.
        if text.isEmpty, let event = latestFailure(of: container, in: snapshot) {
            text = event.message
            evidence.append(.event(event, about: container.pod.reference))
        }
        let (causeClass, words) = Self.explain(general, text, pod: container.pod.metadata.name)
        var finding = snapshot.cause(
            causeClass,
            of: container,
            confidence: text.isEmpty ? 0.7 : (causeClass == general ? 0.8 : 0.95),
            message: "\(container.title) cannot start: \(words)",
            evidence: evidence
        )
        finding.related = MissingReference(text)?.objects(in: container.pod.metadata.namespace ?? "", snapshot) ?? []
        return finding
    }

    private func latestFailure(of container: ContainerView, in snapshot: Snapshot) -> Event? {
        snapshot.events(about: container).first {
            ["Failed", "FailedPostStartHook", "FailedPreStopHook", "FailedCreatePodContainer"].contains($0.reason)
        }
    }

    /// The runtime's words, most telling first.
    private static let signs: [(causeClass: CauseClass, words: [String], message: String)] = [
        (
            .runAsNonRootViolation, ["image will run as root", "non-numeric user", "breaks non-root policy"],
            "the image runs as root, but the pod has runAsNonRoot"
        ),
        (.imageArchitectureMismatch, ["exec format error"], "the image is made for another kind of processor"),
        (
            .outOfMemory, ["container init was oom-killed"],
            "its memory limit is too low even to start the process"
        ),
        (
            .containerCommandNotExecutable, ["permission denied"],
            "its command is there but may not be executed"
        ),
        (
            .containerCommandNotFound,
            ["executable file not found", "no such file or directory", "no command specified"],
            "its command is not in the image"
        ),
    ]

    private static func explain(_ general: CauseClass, _ text: String, pod: String) -> (CauseClass, String) {
        if let missing = MissingReference(text) { return (missing.causeClass, missing.message) }
        let lowered = text.lowercased()
        let isProcess = lowered.contains("exec") || lowered.contains("no command specified")
        let match = signs.first { sign in
            // "No such file" of a mount is not about the command.
            let isCommand = [.containerCommandNotFound, .containerCommandNotExecutable].contains(sign.causeClass)
            guard !isCommand || (isProcess && !lowered.contains("error mounting")) else { return false }
            return sign.words.contains { lowered.contains($0) }
        }
        if let match {
            let command = text.quoted(after: "exec: ").map { " (\($0))" } ?? ""
            let isCommand = [.containerCommandNotFound, .containerCommandNotExecutable].contains(match.causeClass)
            return (match.causeClass, match.message + (isCommand ? command : ""))
        }
        guard !text.isEmpty else { return (general, "the kubelet does not say why") }
        return (general, StableText.of(text, about: pod))
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        if let advice = MissingReference.advice(for: cause) { return [advice] }
        guard let advice = Self.advice[cause.causeClass], let pod = cause.objects.first else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl -n \(pod.namespace) describe pod \(pod.name)",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .runAsNonRootViolation: (
            "Give the container a user that is not root",
            "Set runAsUser in its security context, or USER with a number in the image."
        ),
        .containerConfigInvalid: ("Correct what the kubelet refuses", "The quoted message names the field."),
        .containerCreateFailed: (
            "Look at what the runtime refuses", "The quoted message comes from the container runtime of the node."
        ),
        .containerCommandNotFound: (
            "Correct the command, or the image", "Look for a typing error, a wrong tag, or a shell the image lacks."
        ),
        .containerCommandNotExecutable: (
            "Make the command executable", "The file needs the execute bit for the user that the container runs as."
        ),
        .imageArchitectureMismatch: (
            "Use an image for the node's processor", "Or choose nodes by the label kubernetes.io/arch."
        ),
        .containerStartFailed: (
            "Look at what the runtime refuses", "The quoted message comes from the container runtime of the node."
        ),
        .containerHookFailed: (
            "Correct the hook", "The container is ended when its postStart hook fails."
        ),
    ]
}
