// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The content of a namespace cannot be deleted, and so it stays.
    public static let namespaceDeletionBlocked = CauseClass(rawValue: "NamespaceDeletionBlocked")
    /// A claim or volume that is to go is still in use.
    public static let deletionWaitsForUsers = CauseClass(rawValue: "DeletionWaitsForUsers")
}

/// Namespaces, claims and volumes that ought to be gone.
struct DeletionAnalyzer: Analyzer {
    /// How long a deletion may take.
    private static let patience = Duration.seconds(120)

    func consults(in snapshot: Snapshot) -> [APIResource] {
        // Everything of a namespace that is being deleted goes first.
        snapshot.pods.contains { $0.metadata.deletionTimestamp != nil } ? [Namespace.apiResource] : []
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.namespaces.items.compactMap { namespace($0, in: snapshot) }
            + snapshot.persistentVolumeClaims.items.compactMap { claim($0, in: snapshot) }
            + snapshot.persistentVolumes.items.compactMap { volume($0, in: snapshot) }
    }

    private static func isLate(_ metadata: ObjectMeta, in snapshot: Snapshot) -> Bool {
        metadata.deletionTimestamp.map { snapshot.takenAt.since($0) > patience } ?? false
    }

    // MARK: Namespaces

    private func namespace(_ namespace: Namespace, in snapshot: Snapshot) -> Finding? {
        guard Self.isLate(namespace.metadata, in: snapshot) else { return nil }
        let reference = namespace.reference
        // The discovery comes first: without it nobody knows what there is to delete.
        let order = [
            "NamespaceDeletionDiscoveryFailure", "NamespaceDeletionGroupVersionParsingFailure",
            "NamespaceDeletionContentFailure", "NamespaceFinalizersRemaining", "NamespaceContentRemaining",
        ]
        guard let condition = order.lazy.compactMap({ namespace.conditions[$0] }).first(where: { $0.status == .true })
        else { return finalizers(of: namespace.metadata, reference) }
        let words = StableText.of(condition.message.isEmpty ? condition.reason : condition.message)
        let isFinalizer = condition.type == "NamespaceFinalizersRemaining"
        var finding = finding(
            isFinalizer ? .finalizerBlocksDeletion : .namespaceDeletionBlocked,
            reference,
            "the namespace is being deleted, but its content stays: \(words)",
            confidence: 0.9,
            [.field("status.conditions[\(condition.type)]", of: reference, condition.message)]
        )
        // "unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: …"
        finding.origins = snapshot.apiServices.items.filter { apiService in
            apiService.conditions["Available"]?.status == .false
                && condition.message.contains("\(apiService.group)/\(apiService.version)")
        }.map { $0.reference }
        return finding
    }

    private func finalizers(of metadata: ObjectMeta, _ reference: ObjectReference) -> Finding? {
        let finalizers = metadata.finalizers.sorted().joined(separator: ", ")
        guard !finalizers.isEmpty else { return nil }
        return finding(
            .finalizerBlocksDeletion,
            reference,
            "it is being deleted, but nobody has removed its finalizers: \(finalizers)",
            confidence: 0.9,
            [.field("metadata.finalizers", of: reference, finalizers)]
        )
    }

    // MARK: Claims and volumes

    private func claim(_ claim: PersistentVolumeClaim, in snapshot: Snapshot) -> Finding? {
        guard Self.isLate(claim.metadata, in: snapshot) else { return nil }
        let reference = claim.reference
        let users = snapshot.pods(in: reference.namespace).filter {
            $0.status.phase != "Succeeded" && $0.status.phase != "Failed" && $0.claimNames.contains(reference.name)
        }
        return held(claim.metadata, reference, by: "kubernetes.io/pvc-protection", users.map { snapshot.owner(of: $0) })
    }

    private func volume(_ volume: PersistentVolume, in snapshot: Snapshot) -> Finding? {
        guard Self.isLate(volume.metadata, in: snapshot) else { return nil }
        let holder = volume.phase == "Bound" ? volume.claim.map { [$0] } ?? [] : []
        return held(volume.metadata, volume.reference, by: "kubernetes.io/pv-protection", holder)
    }

    /// One finalizer is there to wait for users; any other one waits for its controller.
    private func held(
        _ metadata: ObjectMeta,
        _ reference: ObjectReference,
        by protection: String,
        _ users: [ObjectReference]
    ) -> Finding? {
        var others = metadata
        others.finalizers.removeAll { $0 == protection }
        if let finding = finalizers(of: others, reference) { return finding }
        var seen: Set<String> = []
        let users = users.filter { seen.insert($0.description).inserted }.sorted { $0.description < $1.description }
        guard metadata.finalizers.contains(protection), let first = users.first else { return nil }
        var finding = finding(
            .deletionWaitsForUsers,
            reference,
            "it is being deleted, and stays until \(first.kind) \(first.name)\(users.count > 1 ? " and others" : "") no longer "
                + (first.kind == PersistentVolumeClaim.apiResource.kind ? "holds it" : "uses it"),
            // It is what somebody wanted; nothing fails for it as long as its users run.
            confidence: 0.45,
            [.field("metadata.finalizers", of: reference, protection)]
        )
        finding.severity = .low
        finding.related = Array(users.prefix(10))
        return finding
    }

    private func finding(
        _ causeClass: CauseClass,
        _ reference: ObjectReference,
        _ message: String,
        confidence: Double,
        _ evidence: [EvidenceItem]
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: reference,
            owner: reference,
            severity: .medium,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: evidence
        )
    }

    private static let guides: [CauseGuide] = [
        CauseGuide(
            causeClass: .namespaceDeletionBlocked,
            kinds: ["Namespace"],
            proof:
                "A namespace has been Terminating for two minutes, and a condition of it says what cannot be deleted.",
            title: "Remove what the condition names",
            description:
                "If an API group cannot be listed, its server is down or gone: repair or delete its APIService.",
            command: "kubectl describe namespace {name}"
        ),
        CauseGuide(
            causeClass: .deletionWaitsForUsers,
            kinds: ["PersistentVolumeClaim", "PersistentVolume"],
            proof: "A claim or volume has been Terminating for two minutes while a pod or claim uses it.",
            title: "End what uses it, if it is to go",
            description: "It goes by itself once nobody uses it.",
            command: "kubectl get pods --all-namespaces"
        ),
    ]

    var detections: [Detection] { Self.guides.map(\.detection) + [Self.finalizer] }

    private static let finalizer = Detection(
        .finalizerBlocksDeletion,
        kinds: ["Namespace", "PersistentVolumeClaim", "PersistentVolume"],
        proof: "It has been Terminating for two minutes, and finalizers are left on it or in it.",
        remedy: "See why the controller of the finalizer does not finish."
    )

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}
