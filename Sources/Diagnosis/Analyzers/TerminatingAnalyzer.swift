// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A finalizer that nobody removes keeps an object from going.
    public static let finalizerBlocksDeletion = CauseClass(rawValue: "FinalizerBlocksDeletion")
    /// A pod is to go, and its kubelet does not confirm that its containers have ended.
    public static let podStuckTerminating = CauseClass(rawValue: "PodStuckTerminating")
}

/// Objects that ought to be gone.
struct TerminatingAnalyzer: Analyzer {
    /// How long after its time an object counts as stuck.
    private static let patience = Duration.seconds(120)

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.pods.compactMap { pod in
            finding(pod.metadata, pod.reference, snapshot.owner(of: pod), pod: pod, in: snapshot)
        }
            + snapshot.workloads.compactMap { workload in
                let reference = workload.reference
                let owner = snapshot.owner(
                    of: workload.metadata,
                    kind: workload.kind,
                    apiVersion: reference.apiVersion
                )
                return finding(workload.metadata, reference, owner, pod: nil, in: snapshot)
            }
    }

    private func finding(
        _ metadata: ObjectMeta,
        _ object: ObjectReference,
        _ owner: ObjectReference,
        pod: Pod?,
        in snapshot: Snapshot
    ) -> Finding? {
        // Of a pod the time already includes the grace that its containers were given.
        guard let due = metadata.deletionTimestamp, snapshot.takenAt.since(due) > Self.patience else { return nil }
        // These two belong to Kubernetes itself: it waits for dependents, which are findings of their own.
        let finalizers = metadata.finalizers.filter { $0 != "foregroundDeletion" && $0 != "orphan" }.sorted()
        guard pod != nil || !finalizers.isEmpty else { return nil }
        let isHeld = !finalizers.isEmpty
        let names = finalizers.joined(separator: ", ")
        var evidence = [EvidenceItem.field("metadata.deletionTimestamp", of: object, "due at \(due)")]
        if isHeld { evidence.append(.field("metadata.finalizers", of: object, names)) }
        if let node = pod?.spec.nodeName { evidence.append(.field("spec.nodeName", of: object, node)) }
        return Finding(
            causeClass: isHeld ? .finalizerBlocksDeletion : .podStuckTerminating,
            object: object,
            owner: owner,
            severity: .medium,
            message: isHeld
                ? "it is being deleted, but nobody has removed its finalizers: \(names)"
                : "the pod ought to be gone, but the kubelet of its node has not confirmed that it ended",
            confidence: isHeld ? 0.95 : 0.75,
            isCause: true,
            evidence: evidence
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let object = cause.objects.first else { return [] }
        switch cause.causeClass {
        case .finalizerBlocksDeletion:
            return [
                Recommendation(
                    title: "See why the controller of the finalizer does not finish",
                    description: "The finalizer's name tells which one it is. Taking the finalizer away by hand skips "
                        + "what it was to clean up.",
                    command: "kubectl\(object.namespace.isEmpty ? "" : " -n \(object.namespace)") "
                        + "get \(object.kind.lowercased()) \(object.name) "
                        + "-o jsonpath='{.metadata.finalizers}'",
                    risk: .none
                )
            ]
        case .podStuckTerminating:
            return [
                Recommendation(
                    title: "Look at the node of the pod",
                    description: "If the node is gone for good, delete the node; a forced deletion of the pod while "
                        + "the node still runs it can start a second one beside it.",
                    command: "kubectl -n \(object.namespace) get pod \(object.name) -o wide",
                    risk: .none
                )
            ]
        default: return []
        }
    }
}
