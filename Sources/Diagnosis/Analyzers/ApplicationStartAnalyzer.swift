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

    /// How many lines before the end of a log still are its end.
    private static let lastWords = 15

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.ownComplaints.compactMap { complaint in
            guard complaint.container.currentTermination != nil || complaint.container.isBackingOff,
                complaint.linesAfter <= Self.lastWords, !JobAttempts.isHistory(complaint.container.pod, in: snapshot),
                let verdict = verdict(complaint), !isOutweighed(complaint, in: snapshot),
                !reportsOtherwise(complaint, in: snapshot)
            else { return nil }
            return snapshot.finding(
                verdict.causeClass,
                complaint,
                confidence: verdict.confidence,
                message: "\(complaint.container.title) ends because \(verdict.reason): \(complaint.stableText)"
            )
        }
    }

    private func verdict(_ complaint: Complaint) -> (causeClass: CauseClass, confidence: Double, reason: String)? {
        switch complaint.sign {
        case .configurationInvalid: (.applicationConfigurationInvalid, 0.88, "it is not configured rightly")
        case .fileMissing: (.applicationFileMissing, 0.8, "something that it needs is not there")
        case .migrationFailed: (.databaseMigrationFailed, 0.88, "its database cannot be migrated")
        case .heapExhausted: (.processMemoryExhausted, 0.9, "it gets no more memory")
        // A script that does not name its shell is refused in the same words.
        case .formatUnknown where complaint.text.hasBytes(".sh"):
            (.containerCommandNotExecutable, 0.7, "its script does not say what runs it")
        case .formatUnknown: (.imageArchitectureMismatch, 0.88, "its program is made for another kind of processor")
        // Without the network of the node nothing else can have it, but what the process itself has started.
        case .portInUse where complaint.container.pod.spec.usesHostNetwork:
            (.listenPortInUse, 0.9, "its port is taken on the node")
        default: nil
        }
    }

    /// Whether the runtime of a language reports another reason for the end.
    private func reportsOtherwise(_ complaint: Complaint, in snapshot: Snapshot) -> Bool {
        snapshot.logs(of: complaint.container.status.name, in: complaint.container.pod).contains { log in
            LogLine.report(of: log.lines).map { LogScan.sign(of: $0) != complaint.sign } ?? false
        }
    }

    /// Whether the same container says something later that tells more.
    private func isOutweighed(_ complaint: Complaint, in snapshot: Snapshot) -> Bool {
        let name = complaint.container.pod.metadata.name
        return snapshot.complaints.contains { other in
            other.container.pod.metadata.name == name && other.container.status.name == complaint.container.status.name
                && other.sign.isAboutDependency && other.linesAfter <= complaint.linesAfter
                && other.container.pod.metadata.namespace == complaint.container.pod.metadata.namespace
        }
    }
}
