// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Claims that pods wait for and that are not there, in a namespace whose quota leaves no room for them.
///
/// Whoever makes a claim by hand is told of the refusal at once; nothing in the cluster remembers it. What remains are
/// the pod, the missing claim and the quota.
struct StorageQuotaAnalyzer: Analyzer {
    func consults(in snapshot: Snapshot) -> [APIResource] {
        snapshot.pods.contains { !$0.claimNames.isEmpty && $0.isWaitingForAPlace }
            ? [PersistentVolumeClaim.apiResource, ResourceQuota.apiResource, PersistentVolume.apiResource] : []
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.pods.compactMap { pod in
            guard pod.isWaitingForAPlace, let missing = snapshot.missingClaims(of: pod).first,
                let shortage = Self.shortage(in: missing.namespace, snapshot)
            else { return nil }
            let quota = shortage.bound.quota
            return Finding(
                causeClass: shortage.bound.causeClass,
                object: pod.reference,
                owner: Namespace.apiResource.reference(missing.namespace),
                severity: .high,
                message:
                    "quota \(quota.metadata.name) leaves \(SizeText.of(shortage.bound.remaining, shortage.bound.resource)) of \(shortage.bound.resource), "
                    + "and claim \(missing.name), which pods need, is not there",
                confidence: shortage.confidence,
                isCause: true,
                evidence: [
                    .field("metadata", of: missing, "there is no such claim"), shortage.bound.evidence,
                ],
                related: [quota.reference, missing, snapshot.owner(of: pod)]
            )
        }
    }

    /// The bound of a namespace that a further claim would break.
    ///
    /// How large the missing claim was to be nobody knows. Nothing left fits no claim at all; and a volume that waits
    /// for its claim shows what was wanted.
    static func shortage(
        in namespace: String,
        _ snapshot: Snapshot
    ) -> (bound: QuotaShortage, confidence: Double)? {
        let bounds = QuotaShortage.bounds(in: namespace, snapshot) { resource in
            ["requests.storage", "persistentvolumeclaims", "count/persistentvolumeclaims"].contains(resource)
                || resource.contains(".storageclass.storage.k8s.io/")
        }
        let waiting = snapshot.persistentVolumes.items
            .filter { $0.phase == "Available" && $0.claim == nil }
            .compactMap { $0.capacity["storage"] }.min()
        return bounds.lazy.compactMap { bound in
            if bound.remaining == .zero { return (bound, 0.9) }
            guard bound.resource == "requests.storage", let waiting, bound.remaining < waiting else { return nil }
            var bound = bound
            bound.needed = waiting
            return (bound, 0.85)
        }.first
    }

    var detections: [Detection] {
        [
            Detection(
                .storageQuotaExceeded,
                kinds: ["Namespace"],
                proof: "A pod waits for a claim that does not exist, and a quota of the namespace has no room for it.",
                remedy: "Raise the storage quota or delete claims, then create the claim again."
            )
        ]
    }
}
