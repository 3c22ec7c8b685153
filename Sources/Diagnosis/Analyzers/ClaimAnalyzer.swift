// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The volume of a claim is gone for good.
    public static let claimLost = CauseClass(rawValue: "PersistentVolumeClaimLost")
    /// A claim cannot grow.
    public static let volumeResizeFailed = CauseClass(rawValue: "VolumeResizeFailed")
    /// What is to happen with a volume after its claim has failed.
    public static let volumeReclaimFailed = CauseClass(rawValue: "PersistentVolumeReclaimFailed")
}

/// Claims without a volume, and volumes that went wrong.
///
/// It is the workload of the pods that use a claim that is told of it; a claim that no pod uses is told for itself.
struct ClaimAnalyzer: Analyzer {
    func consults(in snapshot: Snapshot) -> [APIResource] {
        let isNeeded = snapshot.pods.contains { $0.isWaitingForAPlace && !$0.claimNames.isEmpty }
        return isNeeded
            ? [PersistentVolumeClaim.apiResource, PersistentVolume.apiResource, StorageClass.apiResource] : []
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        var users: [String: [Pod]] = [:]
        for pod in snapshot.pods {
            for claim in pod.claimReferences { users[claim.description, default: []].append(pod) }
        }
        return snapshot.persistentVolumeClaims.items.flatMap { claim -> [Finding] in
            let users = users[claim.reference.description] ?? []
            return [
                unbound(claim, users, in: snapshot), lost(claim, users, in: snapshot),
                resize(claim, users, in: snapshot),
            ]
            .compactMap(\.self)
        } + snapshot.persistentVolumes.items.compactMap(failed)
    }

    private func unbound(_ claim: PersistentVolumeClaim, _ users: [Pod], in snapshot: Snapshot) -> Finding? {
        guard let verdict = ClaimBinding(claim: claim, snapshot: snapshot).verdict else { return nil }
        let waiting = users.filter(\.isWaitingForAPlace)
        // Such a claim is not bound before a pod wants it, and nothing is wrong with that.
        let storageClass = claim.spec.storageClassName.flatMap { snapshot.storageClasses[$0] }
        guard !waiting.isEmpty || storageClass?.volumeBindingMode != "WaitForFirstConsumer" else { return nil }
        // Somebody else's claims are not what a question about one workload is about.
        guard !waiting.isEmpty || Self.isAboutAll(snapshot) && !isUsedElsewhere(claim, in: snapshot) else { return nil }
        return finding(
            verdict.causeClass,
            claim,
            waiting,
            message: "\(Self.title(of: claim, waiting)) has no volume: \(verdict.message)",
            // Nobody waits for it yet.
            confidence: waiting.isEmpty ? min(verdict.confidence, 0.6) : verdict.confidence,
            evidence: [.field("status.phase", of: claim.reference, claim.phase)] + verdict.evidence,
            related: verdict.related,
            in: snapshot
        )
    }

    /// What people call it; the claims of a StatefulSet's pods differ by their names only.
    private static func title(of claim: PersistentVolumeClaim, _ users: [Pod]) -> String {
        let name = claim.metadata.name
        for user in users where name.hasSuffix("-\(user.metadata.name)") {
            return "the claim for its volume \(name.dropLast(user.metadata.name.count + 1))"
        }
        return "claim \(name)"
    }

    /// Whether the question is about a whole namespace or cluster.
    private static func isAboutAll(_ snapshot: Snapshot) -> Bool {
        snapshot.subject.map { $0.kind == Namespace.apiResource.kind } ?? true
    }

    private func isUsedElsewhere(_ claim: PersistentVolumeClaim, in snapshot: Snapshot) -> Bool {
        let reference = claim.reference.description
        return snapshot.neighbourPods.contains { $0.claimReferences.contains { $0.description == reference } }
    }

    private func lost(_ claim: PersistentVolumeClaim, _ users: [Pod], in snapshot: Snapshot) -> Finding? {
        guard claim.phase == "Lost", !users.isEmpty || Self.isAboutAll(snapshot) else { return nil }
        return finding(
            .claimLost,
            claim,
            users,
            message: "the volume of \(Self.title(of: claim, users)) does not exist any more",
            confidence: users.contains { !$0.status.isReady } ? 0.95 : 0.6,
            evidence: [.field("status.phase", of: claim.reference, claim.phase)],
            related: claim.spec.volumeName.isEmpty
                ? [] : [PersistentVolume.apiResource.reference(claim.spec.volumeName)],
            in: snapshot
        )
    }

    /// A claim that wants more than it has, and that somebody has refused.
    private func resize(_ claim: PersistentVolumeClaim, _ users: [Pod], in snapshot: Snapshot) -> Finding? {
        guard claim.phase == "Bound", let wanted = claim.spec.requests["storage"],
            let present = claim.capacity["storage"], present < wanted
        else { return nil }
        let condition = claim.conditions.first {
            ["ControllerResizeError", "NodeResizeError"].contains($0.type) && $0.status == .true
        }
        let event = snapshot.events(about: claim.reference).first {
            ["VolumeResizeFailed", "ExternalExpanding", "FileSystemResizeFailed"].contains($0.reason)
                && $0.type == "Warning"
        }
        guard condition != nil || event != nil else { return nil }
        var evidence = [
            EvidenceItem.field(
                "spec.resources.requests.storage",
                of: claim.reference,
                "\(SizeText.of(wanted)) wanted, \(SizeText.of(present)) there"
            )
        ]
        if let condition {
            evidence.append(
                .field("status.conditions[\(condition.type)]", of: claim.reference, condition.message)
            )
        }
        if let event { evidence.append(.event(event, about: claim.reference)) }
        return finding(
            .volumeResizeFailed,
            claim,
            users,
            message: "\(Self.title(of: claim, users)) cannot grow to \(SizeText.of(wanted))",
            confidence: users.contains { !$0.status.isReady } ? 0.7 : 0.6,
            evidence: evidence,
            related: [],
            in: snapshot
        )
    }

    private func failed(_ volume: PersistentVolume) -> Finding? {
        guard volume.phase == "Failed" else { return nil }
        let words = volume.message.isEmpty ? volume.reason : volume.message
        return Finding(
            causeClass: .volumeReclaimFailed,
            object: volume.reference,
            owner: volume.reference,
            severity: .low,
            message: "the volume could not be \(volume.reclaimPolicy == "Delete" ? "deleted" : "freed") after its claim"
                + (words.isEmpty ? "" : ": \(StableText.of(words))"),
            // It holds nothing up by itself.
            confidence: 0.4,
            isCause: true,
            evidence: [.field("status.phase", of: volume.reference, "Failed: \(words)")]
        )
    }

    private func finding(
        _ causeClass: CauseClass,
        _ claim: PersistentVolumeClaim,
        _ users: [Pod],
        message: String,
        confidence: Double,
        evidence: [EvidenceItem],
        related: [ObjectReference],
        in snapshot: Snapshot
    ) -> Finding {
        let reference = claim.reference
        let user = users.min { $0.metadata.name < $1.metadata.name }
        return Finding(
            causeClass: causeClass,
            object: user?.reference ?? reference,
            owner: user.map { snapshot.owner(of: $0) } ?? reference,
            severity: user == nil ? .medium : .high,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: evidence,
            related: (user == nil ? [] : [reference]) + related
        )
    }
}
