// SPDX-License-Identifier: Apache-2.0

extension ClaimAnalyzer {
    static let guides: [CauseGuide] = [
        guide(
            .claimSelectorMismatch,
            "A claim is Pending, and its selector matches none of the volumes.",
            "Correct the claim's selector, or label a volume",
            "A claim's selector cannot be changed: make the claim anew."
        ),
        guide(
            .storageClassNotFound,
            "A claim is Pending and names a StorageClass that does not exist and that no volume has.",
            "Create the storage class, or correct its name",
            "A claim's class cannot be changed once it is set: make the claim anew."
        ),
        guide(
            .storageClassMismatch,
            "A claim is Pending, and the volume that would fit has another class.",
            "Give the claim and the volume the same storage class",
            "An empty class is a class of its own: it means a volume without one."
        ),
        guide(
            .claimAccessModeMismatch,
            "A claim is Pending and asks for an access mode that the volume which would fit does not offer.",
            "Ask for an access mode that the volume offers",
            "A claim's access modes cannot be changed: make the claim anew."
        ),
        guide(
            .claimCapacityMismatch,
            "A claim is Pending and asks for more than every volume that would fit has.",
            "Ask for less, or provide a larger volume",
            "A volume may be larger than the claim, never smaller."
        ),
        guide(
            .claimVolumeModeMismatch,
            "A claim is Pending, and the volume that would fit has another volumeMode.",
            "Give the claim and the volume the same volumeMode",
            "Block gives a device, Filesystem a directory."
        ),
        guide(
            .volumeAlreadyClaimed,
            "A claim is Pending, and the volume that would fit is bound to another claim.",
            "Provide another volume, or free this one",
            "A volume belongs to one claim at a time, whatever its access modes."
        ),
        guide(
            .volumeReleased,
            "A claim is Pending, and the volume that would fit is still kept for a claim that is gone.",
            "Remove spec.claimRef of the volume if its data may be used again",
            "With the reclaim policy Retain a volume stays reserved until somebody looks at its data."
        ),
        guide(
            .volumeNotFound,
            "A claim is Pending and names a volume that does not exist.",
            "Create the volume, or correct spec.volumeName",
            "A claim that names its volume takes no other one."
        ),
        guide(
            .provisionerUnavailable,
            "A claim has waited for its provisioner for two minutes or longer.",
            "Look at the pods of the provisioner",
            "The StorageClass names it; it usually runs in a system namespace.",
            command: "kubectl get storageclasses,csidrivers"
        ),
        guide(
            .provisioningFailed,
            "A claim is Pending, and the provisioner has reported a failure.",
            "Look at what the provisioner says",
            "Its words are in the event of the claim."
        ),
        guide(
            .defaultStorageClassMissing,
            "A claim is Pending without a class in a cluster without a default one.",
            "Name a storage class, or make one the default",
            "The annotation storageclass.kubernetes.io/is-default-class makes a class the default one.",
            command: "kubectl get storageclasses"
        ),
        guide(
            .claimUnbound,
            "A claim is Pending, and there is no volume at all.",
            "Provide a volume, or name a class that makes them",
            "Without a provisioner somebody has to make each volume by hand."
        ),
        guide(
            .claimLost,
            "A claim has the phase Lost.",
            "Restore the volume, or make the claim anew",
            "A claim without its volume has lost its data as far as the cluster knows."
        ),
        guide(
            .volumeResizeFailed,
            "A claim wants more than it has, and a condition or an event says that growing has failed.",
            "Look at what the driver says",
            "The class has to allow expansion, and the storage system has to have the room."
        ),
        CauseGuide(
            causeClass: .volumeReclaimFailed,
            kinds: ["PersistentVolume"],
            proof: "A PersistentVolume has the phase Failed.",
            title: "Look at the volume in the storage system",
            description: "It may still hold data, or cost money.",
            command: "kubectl describe pv {name}"
        ),
    ]

    private static func guide(
        _ causeClass: CauseClass,
        _ proof: String,
        _ title: String,
        _ description: String,
        command: String = "kubectl -n {namespace} describe pvc"
    ) -> CauseGuide {
        CauseGuide(
            causeClass: causeClass,
            kinds: ["Workload", "PersistentVolumeClaim"],
            proof: proof,
            title: title,
            description: description,
            command: command
        )
    }

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}
