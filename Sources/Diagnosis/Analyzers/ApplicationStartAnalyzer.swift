// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A process ends because an option or a setting is wrong or missing.
    public static let applicationConfigurationInvalid = CauseClass(rawValue: "ApplicationConfigurationInvalid")
    /// A process ends because a file, a module or a library is not there.
    public static let applicationFileMissing = CauseClass(rawValue: "ApplicationFileMissing")
    /// A process ends because it cannot bring its database to the form that it needs.
    public static let databaseMigrationFailed = CauseClass(rawValue: "DatabaseMigrationFailed")
    /// A process ends because it has used up the memory that it may use, before the kernel ended it.
    public static let processMemoryExhausted = CauseClass(rawValue: "ProcessMemoryExhausted")
    /// A process ends because something else listens on its port.
    public static let listenPortInUse = CauseClass(rawValue: "ListenPortInUse")
}

/// What a process says of itself before it ends.
///
/// Only the end of the log counts: what it has complained about long before did not stop it. Whatever it says about
/// another program later outweighs it.
struct ApplicationStartAnalyzer: Analyzer {
    let detections = [
        Detection(
            .applicationConfigurationInvalid,
            kinds: ["Workload"],
            proof: "A container ends with an error, and its last words are about an option or a setting.",
            remedy: "Correct the arguments, the variables or the file that the line names."
        ),
        Detection(
            .applicationFileMissing,
            kinds: ["Workload"],
            proof: "A container ends with an error, and its last words are about a file or module that is not there.",
            remedy: "Correct the path, mount what is missing, or use an image that has it."
        ),
        Detection(
            .databaseMigrationFailed,
            kinds: ["Workload"],
            proof: "A container ends with an error, and its last words are about a migration of its database.",
            remedy: "Finish or take back the migration; release a lock that a process has left behind."
        ),
        Detection(
            .processMemoryExhausted,
            kinds: ["Workload"],
            proof: "A container ends with an error, and its last words say that it gets no more memory.",
            remedy: "Give the process more memory, and the container a limit that fits, or find the leak."
        ),
        Detection(
            .listenPortInUse,
            kinds: ["Workload"],
            proof: "A container in the network of its node ends because its port is taken.",
            remedy: "Give it another port, or find who has this one on the node."
        ),
        Detection(
            .imageArchitectureMismatch,
            kinds: ["Workload"],
            proof: "A container ends with an error, and its last words are 'exec format error'.",
            remedy: "Use an image for the node's processor, or choose nodes by kubernetes.io/arch."
        ),
    ]

    func findings(in snapshot: Snapshot) -> [Finding] {
        let said = snapshot.ownComplaints.compactMap { complaint in
            Self.isFailing(complaint.container, in: snapshot) ? finding(complaint, in: snapshot) : nil
        }
        let explained = Set(said.map { Place(pod: $0.object, container: $0.container) })
        let meant = ContainerView.all(in: snapshot).compactMap { container in
            let place = Place(pod: container.pod.reference, container: container.status.name)
            return explained.contains(place) || !Self.isFailing(container, in: snapshot)
                ? nil : finding(container, in: snapshot)
        }
        return said + meant
    }

    private struct Place: Hashable {
        var pod: ObjectReference
        var container: String?
    }

    private static func isFailing(_ container: ContainerView, in snapshot: Snapshot) -> Bool {
        (container.currentTermination != nil || container.isBackingOff)
            && !JobAttempts.isHistory(container.pod, in: snapshot)
    }

    private func finding(_ complaint: Complaint, in snapshot: Snapshot) -> Finding? {
        guard complaint.linesAfter <= LastWords.count, complaint.isWhole,
            let verdict = verdict(complaint, in: snapshot),
            !isOutweighed(complaint.container, linesAfter: complaint.linesAfter, in: snapshot),
            !reportsOtherwise(complaint, in: snapshot), !isRefusedBefore(complaint, in: snapshot)
        else { return nil }
        return snapshot.finding(
            verdict.causeClass,
            complaint,
            confidence: verdict.confidence,
            message: "\(complaint.container.title) ends because \(verdict.reason): \(complaint.stableText)"
        )
    }

    /// What only several words or lines together say.
    private func finding(_ container: ContainerView, in snapshot: Snapshot) -> Finding? {
        let termination = container.currentTermination
        guard termination?.exitCode != 0, let log = snapshot.log(of: container.status.name, in: container.pod),
            let words = LastWords.find(in: log.lines, exitCode: termination?.exitCode),
            !isOutweighed(container, linesAfter: words.linesAfter, in: snapshot)
        else { return nil }
        let isCommand = words.meaning == .commandMissing
        let reason = isCommand ? "something that it needs is not there" : "it is not configured rightly"
        return snapshot.cause(
            isCommand ? .applicationFileMissing : .applicationConfigurationInvalid,
            of: container,
            confidence: words.meaning == .settingBlamed ? 0.75 : 0.88,
            message: "\(container.title) ends because \(reason): \(LogLine.stable(LogLine.shortened(words.text)))",
            evidence: [
                EvidenceItem(
                    kind: .log,
                    source: "log of container \(log.container)\(log.isPrevious ? ", previous run" : "")",
                    object: container.pod.reference,
                    text: LogLine.shortened(words.text)
                )
            ]
        )
    }

    private func verdict(
        _ complaint: Complaint,
        in snapshot: Snapshot
    ) -> (causeClass: CauseClass, confidence: Double, reason: String)? {
        switch complaint.sign {
        case .configurationInvalid: (.applicationConfigurationInvalid, 0.88, "it is not configured rightly")
        case .fileMissing: (.applicationFileMissing, 0.8, "something that it needs is not there")
        case .migrationFailed: (.databaseMigrationFailed, 0.88, "its database cannot be migrated")
        case .heapExhausted: (.processMemoryExhausted, 0.9, "it gets no more memory")
        case .formatUnknown: formatUnknown(complaint, in: snapshot)
        // Without the network of the node nothing else can have it, but what the process itself has started.
        case .portInUse where complaint.container.pod.spec.usesHostNetwork:
            (.listenPortInUse, 0.9, "its port is taken on the node")
        default: nil
        }
    }

    /// A script that does not name its shell is refused in the same words as a program for another processor.
    private func formatUnknown(
        _ complaint: Complaint,
        in snapshot: Snapshot
    ) -> (causeClass: CauseClass, confidence: Double, reason: String) {
        let reason = "its program is made for another kind of processor"
        guard complaint.text.hasBytes(".sh") else { return (.imageArchitectureMismatch, 0.88, reason) }
        let container = complaint.container
        let node = container.pod.spec.nodeName.flatMap { snapshot.nodes[$0] }
        if let present = node?.metadata.labels["kubernetes.io/arch"],
            let made = ProcessorName.named(in: container.spec.image), made != present
        {
            return (.imageArchitectureMismatch, 0.9, reason)
        }
        // The image's own entry point has run elsewhere; its shell is what this node cannot run.
        let isMounted = container.spec.mounts.contains { VolumePermissionAnalyzer.mentions(complaint.text, $0.path) }
        return container.spec.command.isEmpty && !isMounted
            ? (.imageArchitectureMismatch, 0.75, reason)
            : (.containerCommandNotExecutable, 0.7, "its script does not say what runs it")
    }

    /// Whether the runtime of a language reports another reason for the end.
    private func reportsOtherwise(_ complaint: Complaint, in snapshot: Snapshot) -> Bool {
        snapshot.logs(of: complaint.container.status.name, in: complaint.container.pod).contains { log in
            LogLine.report(of: log.lines).map { LogScan.sign(of: $0) != complaint.sign } ?? false
        }
    }

    /// Whether a file is missing only because it could not be made.
    private func isRefusedBefore(_ complaint: Complaint, in snapshot: Snapshot) -> Bool {
        complaint.sign == .fileMissing
            && snapshot.complaints.contains { other in
                other.sign == .permissionDenied && other.linesAfter <= LastWords.count
                    && other.container.pod.reference == complaint.container.pod.reference
                    && other.container.status.name == complaint.container.status.name
            }
    }

    /// Whether the same container says something later that tells more.
    private func isOutweighed(_ container: ContainerView, linesAfter: Int, in snapshot: Snapshot) -> Bool {
        snapshot.complaints.contains { other in
            other.container.pod.metadata.name == container.pod.metadata.name
                && other.container.status.name == container.status.name && other.isWhole
                && other.sign.isAboutDependency && other.linesAfter <= linesAfter
                && other.container.pod.metadata.namespace == container.pod.metadata.namespace
        }
    }
}
