// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A Job is on hold.
    public static let jobSuspended = CauseClass(rawValue: "JobSuspended")
    /// A CronJob is on hold.
    public static let cronJobSuspended = CauseClass(rawValue: "CronJobSuspended")
    /// A ConfigMap holds nothing.
    public static let configMapEmpty = CauseClass(rawValue: "ConfigMapEmpty")
}

/// Objects that do nothing, or leave open what they are to do.
struct HygieneObjectAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        suspended(in: snapshot)
            + snapshot.configMaps.items.filter { $0.data.isEmpty && $0.binaryKeys.isEmpty }.map {
                snapshot.remark(.configMapEmpty, $0.reference, "data", "it holds nothing")
            }
    }

    private func suspended(in snapshot: Snapshot) -> [Finding] {
        snapshot.workloads.filter { $0.kind == "Job" && $0.isSuspended }.map {
            snapshot.remark(.jobSuspended, $0.reference, "spec.suspend", "it is on hold")
        }
            + snapshot.cronJobs.items.filter(\.isSuspended).map {
                snapshot.remark(.cronJobSuspended, $0.reference, "spec.suspend", "it is on hold")
            }
    }

    var detections: [Detection] {
        [
            Detection(
                .jobSuspended,
                kinds: ["Job"],
                category: .hygiene,
                proof: "spec.suspend is true.",
                remedy: "Take it off hold, or delete it."
            ),
            Detection(
                .cronJobSuspended,
                kinds: ["CronJob"],
                category: .hygiene,
                proof: "spec.suspend is true.",
                remedy: "Take it off hold, or delete it."
            ),
            Detection(
                .configMapEmpty,
                kinds: ["ConfigMap"],
                category: .hygiene,
                proof: "It has neither data nor binaryData.",
                remedy: "Fill it, or delete it."
            ),
        ]
    }
}
