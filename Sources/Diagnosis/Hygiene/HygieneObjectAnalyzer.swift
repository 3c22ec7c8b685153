// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A Job is on hold.
    public static let jobSuspended = CauseClass(rawValue: "JobSuspended")
    /// A CronJob is on hold.
    public static let cronJobSuspended = CauseClass(rawValue: "CronJobSuspended")
    /// A ConfigMap holds nothing.
    public static let configMapEmpty = CauseClass(rawValue: "ConfigMapEmpty")
    /// An Ingress leaves it open which controller is to serve it.
    public static let ingressClassMissing = CauseClass(rawValue: "IngressClassMissing")
}

/// Objects that do nothing, or leave open what they are to do.
struct HygieneObjectAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        suspended(in: snapshot)
            + snapshot.configMaps.items.filter { $0.data.isEmpty && $0.binaryKeys.isEmpty }.map {
                snapshot.remark(.configMapEmpty, $0.reference, "data", "it holds nothing")
            } + classless(in: snapshot)
    }

    private func suspended(in snapshot: Snapshot) -> [Finding] {
        snapshot.workloads.filter { $0.kind == "Job" && $0.isSuspended }.map {
            snapshot.remark(.jobSuspended, $0.reference, "spec.suspend", "it is on hold")
        }
            + snapshot.cronJobs.items.filter(\.isSuspended).map {
                snapshot.remark(.cronJobSuspended, $0.reference, "spec.suspend", "it is on hold")
            }
    }

    /// A class by default serves those that name none.
    private func classless(in snapshot: Snapshot) -> [Finding] {
        guard snapshot.ingressClasses.isComplete(), !snapshot.ingressClasses.items.contains(where: \.isDefault) else {
            return []
        }
        return snapshot.ingresses.items.filter { ingress in
            (ingress.className ?? "").isEmpty && ingress.metadata.annotations["kubernetes.io/ingress.class"] == nil
        }.map {
            snapshot.remark(
                .ingressClassMissing,
                $0.reference,
                "spec.ingressClassName",
                "it names no class, and no class is the default"
            )
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
                .ingressClassMissing,
                kinds: ["Ingress"],
                category: .hygiene,
                proof: "It names no class in its spec or annotation, and no IngressClass is the default.",
                remedy: "Name the class that is to serve it."
            ),
        ]
    }
}
