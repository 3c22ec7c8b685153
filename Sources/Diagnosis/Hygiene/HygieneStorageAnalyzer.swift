// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// More than one storage class is the default.
    public static let severalDefaultStorageClasses = CauseClass(rawValue: "SeveralDefaultStorageClasses")
    /// A volume is kept although its claim is gone.
    public static let releasedVolumeKept = CauseClass(rawValue: "ReleasedVolumeKept")
    /// A claim leaves it open what class of storage it wants.
    public static let claimStorageClassMissing = CauseClass(rawValue: "ClaimStorageClassMissing")
}

/// Storage that nobody uses, or that may come from anywhere.
struct HygieneStorageAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        let defaults = snapshot.storageClasses.items.filter(\.isDefault)
        let several =
            defaults.count < 2
            ? []
            : defaults.map {
                snapshot.remark(
                    .severalDefaultStorageClasses,
                    $0.reference,
                    "metadata.annotations",
                    "it is one of \(defaults.count) default storage classes"
                )
            }
        let released = snapshot.persistentVolumes.items.filter { $0.phase == "Released" }.map {
            snapshot.remark(.releasedVolumeKept, $0.reference, "status.phase", "its claim is gone")
        }
        return several + released + classless(in: snapshot)
    }

    /// The server fills in the default class; an empty name means none on purpose.
    private func classless(in snapshot: Snapshot) -> [Finding] {
        snapshot.persistentVolumeClaims.items.filter { claim in
            claim.spec.storageClassName == nil && claim.spec.volumeName.isEmpty
                && claim.metadata.annotations["volume.beta.kubernetes.io/storage-class"] == nil
        }.map {
            snapshot.remark(
                .claimStorageClassMissing,
                $0.reference,
                "spec.storageClassName",
                "it names neither a storage class nor a volume"
            )
        }
    }

    var detections: [Detection] {
        [
            Detection(
                .severalDefaultStorageClasses,
                kinds: ["StorageClass"],
                category: .hygiene,
                proof: "More than one storage class is annotated as the default.",
                remedy: "Leave one of them; otherwise it is the newest that counts."
            ),
            Detection(
                .releasedVolumeKept,
                kinds: ["PersistentVolume"],
                category: .hygiene,
                proof: "Its phase is Released.",
                remedy: "Save what is on it, then delete it, or take out spec.claimRef to use it again."
            ),
            Detection(
                .claimStorageClassMissing,
                kinds: ["PersistentVolumeClaim"],
                category: .hygiene,
                proof: "It has neither a storage class nor a volume.",
                remedy: "Name the storage class."
            ),
        ]
    }
}
