// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A volume that a program writes to is full.
    public static let volumeFull = CauseClass(rawValue: "VolumeFull")
    /// The disk on which a container writes without a volume of its own is full.
    public static let containerStorageFull = CauseClass(rawValue: "ContainerStorageFull")
}

/// Programs that have no room left to write.
///
/// Nothing in the API tells how full a volume is; the program that cannot write does.
struct VolumeFullAnalyzer: Analyzer {
    /// The kernel uses the same words when there are too many watches; no disk is full then.
    private static let watches = PhraseMatcher(["inotify", "fsnotify", "fs.watch", "file watcher", "system limit for"])

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.ownComplaints.filter { $0.sign == .storageFull }.compactMap { complaint in
            guard !Self.watches.matches(anyIn: complaint.text) else { return nil }
            let pod = complaint.container.pod
            let place = place(of: complaint)
            // A client may only pass on what its database has said.
            let isOwn =
                complaint.database == nil
                || complaint.database == DatabaseKind.served(by: complaint.container.spec)
            return snapshot.finding(
                place == nil ? .containerStorageFull : .volumeFull,
                complaint,
                confidence: !isOwn ? 0.45 : complaint.isInTrouble ? 0.92 : complaint.count > 2 ? 0.75 : 0.55,
                message: "\(complaint.container.title) has no room left "
                    + (place.map { "on its volume \($0.mount) at \($0.path)" } ?? "on its disk"),
                related: place?.claim.map {
                    [PersistentVolumeClaim.apiResource.reference($0, in: pod.metadata.namespace ?? "")]
                } ?? []
            )
        }
    }

    /// The volume whose path the line names, the deepest of several; else the only claim.
    private func place(of complaint: Complaint) -> (mount: String, path: String, claim: String?)? {
        let pod = complaint.container.pod
        let mounts = complaint.container.spec.mounts
        let named = mounts.filter { $0.path.count > 1 && VolumePermissionAnalyzer.mentions(complaint.text, $0.path) }
        func claim(_ mount: Container.Mount) -> String? {
            pod.spec.volumes.first { $0.name == mount.name }.flatMap { volume in
                volume.claimName ?? volume.ephemeralClaim.map { _ in "\(pod.metadata.name)-\(volume.name)" }
            }
        }
        if let deepest = named.max(by: { $0.path.utf8.count < $1.path.utf8.count }) {
            return (deepest.name, deepest.path, claim(deepest))
        }
        let claims = mounts.filter { claim($0) != nil }
        guard claims.count == 1, !complaint.text.hasBytes(" /tmp") else { return nil }
        return (claims[0].name, claims[0].path, claim(claims[0]))
    }

    private static let guides: [CauseGuide] = [
        CauseGuide(
            causeClass: .volumeFull,
            proof: "A container says that there is no space left, and names a path of a volume or has only one claim.",
            title: "Make room on the volume, or make it larger",
            description: "Where its class allows it, a claim grows by a larger request in its spec. Look for old files "
                + "and logs first.",
            command: "kubectl -n {namespace} get pvc"
        ),
        CauseGuide(
            causeClass: .containerStorageFull,
            proof: "A container says that there is no space left, and has no claim that it could mean.",
            title: "Give the program a volume to write to",
            description: "What is written without a volume lies on the node's own disk, together with images and logs.",
            command: "kubectl -n {namespace} describe pods"
        ),
    ]

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}
