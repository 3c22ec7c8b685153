// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// One reason why a claim cannot have a volume.
struct ClaimMismatch: Hashable {
    var causeClass: CauseClass
    /// For people.
    var message: String
    /// The volume's field.
    var field: String
    /// What stands in it.
    var detail: String

    /// Whether it is about whose the volume is, and not about what it is.
    var isAboutHolder: Bool { causeClass == .volumeAlreadyClaimed || causeClass == .volumeReleased }

    /// Every reason, what the claim asks for before whose the volume is.
    static func all(between claim: PersistentVolumeClaim, and volume: PersistentVolume) -> [ClaimMismatch] {
        [
            storageClass(claim, volume), selector(claim, volume), accessModes(claim, volume), capacity(claim, volume),
            volumeMode(claim, volume), holder(claim, volume),
        ].compactMap(\.self)
    }

    private static func storageClass(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> ClaimMismatch? {
        let wanted = claim.spec.storageClassName ?? ""
        guard wanted != volume.storageClassName else { return nil }
        func words(_ name: String) -> String { name.isEmpty ? "no StorageClass" : "StorageClass \(name)" }
        return ClaimMismatch(
            causeClass: .storageClassMismatch,
            message: "it wants \(words(wanted)), and volume \(volume.metadata.name) has "
                + words(volume.storageClassName),
            field: "spec.storageClassName",
            detail: volume.storageClassName.isEmpty ? "(none)" : volume.storageClassName
        )
    }

    private static func selector(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> ClaimMismatch? {
        // A claim that names its volume has no use for a selector.
        guard claim.spec.volumeName.isEmpty, let selector = claim.spec.selector,
            !selector.matches(volume.metadata.labels)
        else { return nil }
        let labels = LabelText.of(volume.metadata.labels)
        return ClaimMismatch(
            causeClass: .claimSelectorMismatch,
            message: "its selector \(LabelText.of(selector)) matches no volume; volume \(volume.metadata.name) has "
                + (labels.isEmpty ? "no labels" : "the labels \(labels)"),
            field: "metadata.labels",
            detail: labels.isEmpty ? "(none)" : labels
        )
    }

    private static func accessModes(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> ClaimMismatch? {
        let missing = claim.spec.accessModes.filter { !volume.accessModes.contains($0) }
        guard !missing.isEmpty else { return nil }
        let offered = volume.accessModes.joined(separator: ", ")
        return ClaimMismatch(
            causeClass: .claimAccessModeMismatch,
            message: "it asks for \(missing.joined(separator: ", ")), and volume \(volume.metadata.name) offers "
                + (offered.isEmpty ? "nothing" : "only \(offered)"),
            field: "spec.accessModes",
            detail: offered
        )
    }

    private static func capacity(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> ClaimMismatch? {
        guard let wanted = claim.spec.requests["storage"], let size = volume.capacity["storage"], size < wanted else {
            return nil
        }
        return ClaimMismatch(
            causeClass: .claimCapacityMismatch,
            message: "it asks for \(SizeText.of(wanted)), and volume \(volume.metadata.name) has only "
                + SizeText.of(size),
            field: "spec.capacity.storage",
            detail: SizeText.of(size)
        )
    }

    private static func volumeMode(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> ClaimMismatch? {
        guard claim.spec.volumeMode != volume.volumeMode else { return nil }
        return ClaimMismatch(
            causeClass: .claimVolumeModeMismatch,
            message: "it wants volumeMode \(claim.spec.volumeMode), and volume \(volume.metadata.name) has "
                + volume.volumeMode,
            field: "spec.volumeMode",
            detail: volume.volumeMode
        )
    }

    private static func holder(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> ClaimMismatch? {
        guard let holder = volume.claim else { return nil }
        let isOwn = holder.name == claim.metadata.name && holder.namespace == claim.metadata.namespace ?? ""
        if isOwn, holder.uid == nil || holder.uid == claim.metadata.uid { return nil }
        let isReleased = volume.phase == "Released" || volume.phase == "Failed" || isOwn
        return ClaimMismatch(
            causeClass: isReleased ? .volumeReleased : .volumeAlreadyClaimed,
            message: isReleased
                ? "volume \(volume.metadata.name) is still kept for a claim that is gone"
                : "volume \(volume.metadata.name) belongs to claim \(holder.namespace)/\(holder.name)",
            field: "spec.claimRef",
            detail: "\(holder.namespace)/\(holder.name), phase \(volume.phase)"
        )
    }
}

/// Labels and selectors in one line.
enum LabelText {
    /// `a=1,b=2`.
    static func of(_ labels: [String: String]) -> String {
        labels.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",")
    }

    /// `a=1,b in (2,3),!c`.
    static func of(_ selector: LabelSelector) -> String {
        let expressions = selector.matchExpressions.map(of)
        return ([of(selector.matchLabels)].filter { !$0.isEmpty } + expressions).joined(separator: ",")
    }

    /// `b in (2,3)`.
    static func of(_ requirement: LabelRequirement) -> String {
        let values = requirement.values.joined(separator: ",")
        return switch requirement.condition {
        case "In": requirement.values.count == 1 ? "\(requirement.key)=\(values)" : "\(requirement.key) in (\(values))"
        case "NotIn": "\(requirement.key) not in (\(values))"
        case "Exists": requirement.key
        case "DoesNotExist": "!\(requirement.key)"
        default: "\(requirement.key) \(requirement.condition) \(values)"
        }
    }
}

/// Amounts of memory and storage for people.
enum SizeText {
    private static let units: [(name: String, factor: Int64)] = [
        ("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10),
    ]

    /// The amount in the largest binary unit of which it has at least one, with at most one digit after the point.
    static func of(_ amount: Quantity) -> String {
        let value = amount.value
        guard let unit = units.first(where: { value >= $0.factor }) else { return String(value) }
        let tenths = (Double(value) / Double(unit.factor) * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int64(tenths))\(unit.name)" : "\(tenths)\(unit.name)"
    }

    /// The amount of a resource: memory and storage in binary units, anything else as it is.
    static func of(_ amount: Quantity, _ resource: String) -> String {
        resource.hasSuffix("memory") || resource.contains("storage") || resource.hasPrefix("hugepages-")
            ? of(amount) : amount.description
    }
}
