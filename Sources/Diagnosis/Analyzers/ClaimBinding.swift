// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The label selector of a claim matches no volume.
    public static let claimSelectorMismatch = CauseClass(rawValue: "PVCSelectorMismatch")
    /// No volume has the storage class that a claim names.
    public static let storageClassMismatch = CauseClass(rawValue: "StorageClassMismatch")
    /// No volume offers the access mode that a claim asks for.
    public static let claimAccessModeMismatch = CauseClass(rawValue: "PVCAccessModeMismatch")
    /// A claim is larger than every volume that it could have.
    public static let claimCapacityMismatch = CauseClass(rawValue: "PVCCapacityMismatch")
    /// A claim wants a file system and the volume is a block device, or the other way round.
    public static let claimVolumeModeMismatch = CauseClass(rawValue: "PVCVolumeModeMismatch")
    /// The volume that a claim needs belongs to another claim.
    public static let volumeAlreadyClaimed = CauseClass(rawValue: "PersistentVolumeAlreadyClaimed")
    /// The volume that a claim needs is kept for a claim that is gone.
    public static let volumeReleased = CauseClass(rawValue: "PersistentVolumeReleased")
    /// The volume that a claim names does not exist.
    public static let volumeNotFound = CauseClass(rawValue: "PersistentVolumeNotFound")
    /// Nobody makes volumes of the claim's class, or it does not answer.
    public static let provisionerUnavailable = CauseClass(rawValue: "StorageProvisionerUnavailable")
    /// What makes the volumes refuses or fails.
    public static let provisioningFailed = CauseClass(rawValue: "VolumeProvisioningFailed")
    /// A claim names no class, and the cluster has no default one.
    public static let defaultStorageClassMissing = CauseClass(rawValue: "DefaultStorageClassMissing")
}

/// Why a claim has no volume.
///
/// The order is that of the volume controller: a volume that is named, then the class, then the volumes that are
/// there, then whoever makes new ones.
struct ClaimBinding {
    /// What keeps a claim from being bound.
    struct Verdict {
        var causeClass: CauseClass
        /// For people, as the end of "claim x has no volume: …".
        var message: String
        var confidence = 0.95
        var evidence: [EvidenceItem] = []
        var related: [ObjectReference] = []
    }

    let claim: PersistentVolumeClaim
    let snapshot: Snapshot

    /// The class that counts; empty for none.
    ///
    /// The server fills in the default one where there is one.
    private var className: String { claim.spec.storageClassName ?? "" }

    private var volumes: [PersistentVolume] { snapshot.persistentVolumes.items }

    private var knowsVolumes: Bool { snapshot.persistentVolumes.isComplete() }

    /// Why it has no volume; nil if nothing is wrong with that, or if nobody can tell.
    var verdict: Verdict? {
        guard claim.metadata.deletionTimestamp == nil, claim.phase == "Pending" else { return nil }
        if !claim.spec.volumeName.isEmpty { return named(claim.spec.volumeName) }
        if let missing = missingClass { return missing }
        let storageClass = snapshot.storageClasses[className]
        if isWithoutProvisioner(storageClass) { return existing(storageClass) }
        if let failure = provisioningFailure { return failure }
        return storageClass.map(waitingForProvisioner) ?? existing(storageClass)
    }

    /// Whether nobody makes volumes of the class: they are made by hand.
    ///
    /// The volume controller tries nevertheless, and says that it fails.
    private func isWithoutProvisioner(_ storageClass: StorageClass?) -> Bool {
        let name = "kubernetes.io/no-provisioner"
        if let storageClass { return storageClass.provisioner == name }
        return latestEvent { $0.contains("no volume plugin matched name: \(name)") } != nil
    }

    // MARK: A volume by its name

    private func named(_ name: String) -> Verdict? {
        guard let volume = snapshot.persistentVolumes[name] else {
            guard snapshot.persistentVolumes.contains(name) == false else { return nil }
            let reference = PersistentVolume.apiResource.reference(name)
            return Verdict(
                causeClass: .volumeNotFound,
                message: "PersistentVolume \(name), which it names, does not exist",
                evidence: [.field("metadata", of: reference, "there is no such PersistentVolume")],
                related: [reference]
            )
        }
        return ClaimMismatch.all(between: claim, and: volume).first.map { verdict($0, volume, confidence: 0.95) }
    }

    private func verdict(_ mismatch: ClaimMismatch, _ volume: PersistentVolume, confidence: Double) -> Verdict {
        var related = [volume.reference]
        if let holder = volume.claim, mismatch.isAboutHolder { related.append(holder) }
        return Verdict(
            causeClass: mismatch.causeClass,
            message: mismatch.message,
            confidence: confidence,
            evidence: [.field(mismatch.field, of: volume.reference, mismatch.detail)],
            related: related
        )
    }

    // MARK: The class

    private var missingClass: Verdict? {
        guard !className.isEmpty, snapshot.storageClasses[className] == nil else { return nil }
        let reference = StorageClass.apiResource.reference(className)
        // A class without an object still ties claims to volumes that somebody has made by hand.
        guard !volumes.contains(where: { $0.storageClassName == className }) else { return nil }
        let event = latestEvent(where: Self.missesClass)
        let isAbsent = snapshot.exists(reference) == false
        guard isAbsent || event != nil else { return nil }
        var evidence = event.map { [EvidenceItem.event($0, about: claim.reference)] } ?? []
        if isAbsent { evidence.append(.field("metadata", of: reference, "there is no such StorageClass")) }
        return Verdict(
            causeClass: .storageClassNotFound,
            message: "StorageClass \(className), which it names, does not exist",
            confidence: 0.96,
            evidence: evidence,
            related: [reference]
        )
    }

    // MARK: Whoever makes volumes

    private static func missesClass(_ message: String) -> Bool {
        let message = message.lowercased()
        return message.contains("storageclass") && message.contains("not found")
    }

    private func latestEvent(where isMeant: (String) -> Bool) -> Event? {
        snapshot.events(about: claim.reference).first { isMeant($0.message.lowercased()) }
    }

    private var provisioningFailure: Verdict? {
        let events = snapshot.events(about: claim.reference)
        // Without a class nobody has tried to make one, and the volumes made by hand decide.
        guard let event = events.first(where: { $0.reason == "ProvisioningFailed" && !Self.missesClass($0.message) })
        else { return nil }
        return Verdict(
            causeClass: .provisioningFailed,
            message: "no volume can be made for it: " + StableText.of(event.message, about: claim.metadata.name),
            confidence: 0.9,
            evidence: [.event(event, about: claim.reference)],
            related: [StorageClass.apiResource.reference(className)]
        )
    }

    private func waitingForProvisioner(_ storageClass: StorageClass) -> Verdict? {
        // Before its pod has a node such a claim waits for that, and nothing is wrong with it.
        guard let event = latestEvent(where: { $0.contains("waiting for a volume to be created") }),
            let first = event.firstTimestamp ?? claim.metadata.creationTimestamp,
            snapshot.takenAt.since(first) > .seconds(120)
        else { return nil }
        return Verdict(
            causeClass: .provisionerUnavailable,
            message: "provisioner \(storageClass.provisioner) of its StorageClass \(className) does not make one",
            confidence: 0.85,
            evidence: [
                .event(event, about: claim.reference),
                .field("provisioner", of: storageClass.reference, storageClass.provisioner),
            ],
            related: [storageClass.reference]
        )
    }

    // MARK: The volumes that are there

    /// The volume that fits best, and what is wrong with it.
    private func existing(_ storageClass: StorageClass?) -> Verdict? {
        guard knowsVolumes else {
            // The volume controller has seen them all, and says that none fits.
            guard latestEvent(where: { $0.contains(Self.noVolumes) }) != nil else { return nil }
            var verdict = noVolume(storageClass)
            verdict.confidence = 0.8
            return verdict
        }
        let judged = volumes.filter { $0.metadata.deletionTimestamp == nil }
            .map { (volume: $0, mismatches: ClaimMismatch.all(between: claim, and: $0)) }
        // One that fits will be bound in a moment, or when the pod has its node.
        guard !judged.contains(where: \.mismatches.isEmpty) else { return nil }
        func rank(_ entry: (volume: PersistentVolume, mismatches: [ClaimMismatch])) -> (Int, Int, String) {
            // A volume of somebody else's was hardly meant, unless nothing else is wrong with it.
            let isTaken = entry.mismatches.contains(where: \.isAboutHolder) && entry.mismatches.count > 1
            return (isTaken ? 1 : 0, entry.mismatches.count, entry.volume.metadata.name)
        }
        guard let nearest = judged.min(by: { rank($0) < rank($1) }) else { return noVolume(storageClass) }
        let best = nearest.mismatches[0]
        let rivals = Set(
            judged.filter { $0.mismatches.count == nearest.mismatches.count }.flatMap {
                $0.mismatches.map(\.causeClass)
            }
        )
        return verdict(
            best,
            nearest.volume,
            confidence: nearest.mismatches.count == 1 && rivals.count == 1 ? 0.95 : 0.75
        )
    }

    private static let noVolumes = "no persistent volumes available"

    private func noVolume(_ storageClass: StorageClass?) -> Verdict {
        let event = latestEvent { $0.contains(Self.noVolumes) }
        let evidence = event.map { [EvidenceItem.event($0, about: claim.reference)] } ?? []
        let absence = knowsVolumes ? "there is no PersistentVolume" : "no PersistentVolume fits it"
        if className.isEmpty, claim.spec.storageClassName == nil, snapshot.storageClasses.isComplete(),
            !snapshot.storageClasses.items.contains(where: \.isDefault)
        {
            return Verdict(
                causeClass: .defaultStorageClassMissing,
                message: "it names no StorageClass, the cluster has no default one, and \(absence)",
                confidence: 0.9,
                evidence: evidence
            )
        }
        return Verdict(
            causeClass: .claimUnbound,
            message: "\(absence), and nobody makes one for "
                + (className.isEmpty ? "a claim without a StorageClass" : "StorageClass \(className)"),
            confidence: 0.9,
            evidence: evidence,
            related: storageClass.map { [$0.reference] } ?? []
        )
    }
}
