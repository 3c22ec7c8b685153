// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A Job is on hold.
    public static let jobSuspended = CauseClass(rawValue: "JobSuspended")
    /// A CronJob is on hold.
    public static let cronJobSuspended = CauseClass(rawValue: "CronJobSuspended")
    /// A ConfigMap holds nothing.
    public static let configMapEmpty = CauseClass(rawValue: "ConfigMapEmpty")
    /// A ConfigMap is nearly as large as the API server allows.
    public static let configMapTooLarge = CauseClass(rawValue: "ConfigMapTooLarge")
    /// A pod template names a pull Secret that does not exist.
    public static let pullSecretNotFound = CauseClass(rawValue: "PullSecretNotFound")
}

/// Objects that do nothing, or leave open what they are to do.
struct HygieneObjectAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        suspended(in: snapshot)
            + snapshot.configMaps.items.filter { $0.data.isEmpty && $0.binaryKeys.isEmpty }.map {
                snapshot.remark(.configMapEmpty, $0.reference, "data", "it holds nothing")
            }
            + largeMaps(in: snapshot) + pullSecrets(in: snapshot)
    }

    /// Nine tenths of the MiB that the API server takes: the next setting may be refused.
    private static let largeBytes = 900 << 10

    private func largeMaps(in snapshot: Snapshot) -> [Finding] {
        snapshot.configMaps.items.compactMap { map in
            let bytes = map.data.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
            guard bytes > Self.largeBytes else { return nil }
            return snapshot.remark(
                .configMapTooLarge,
                map.reference,
                "data",
                "it holds \(bytes >> 10) KiB of the 1024 that the API server allows"
            )
        }
    }

    /// Pulls that need no credentials go on all the same.
    private func pullSecrets(in snapshot: Snapshot) -> [Finding] {
        snapshot.templates.flatMap { object, spec in
            spec.imagePullSecrets.filter { snapshot.secrets.contains($0.name, in: object.namespace) == false }.map {
                snapshot.remark(
                    .pullSecretNotFound,
                    object,
                    "spec.imagePullSecrets",
                    "its pull Secret \($0.name) does not exist"
                )
            }
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
            Detection(
                .configMapTooLarge,
                kinds: ["ConfigMap"],
                category: .hygiene,
                proof: "Its texts are longer than 900 KiB; the API server allows 1 MiB.",
                remedy: "Split it, or keep large files in an image or a volume."
            ),
            Detection(
                .pullSecretNotFound,
                kinds: ["Workload", "Pod"],
                category: .hygiene,
                proof: "imagePullSecrets names a Secret that is not in a list of Secrets which was read whole.",
                remedy: "Create it, or take it out."
            ),
        ]
    }
}
