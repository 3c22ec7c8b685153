// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension Pod {
    /// The claims that the pod needs before it can run.
    var claimNames: [String] {
        spec.volumes.compactMap { volume in
            volume.claimName ?? (volume.ephemeralClaim == nil ? nil : "\(metadata.name)-\(volume.name)")
        }
    }

    /// References to these claims.
    var claimReferences: [ObjectReference] {
        claimNames.map { PersistentVolumeClaim.apiResource.reference($0, in: metadata.namespace ?? "") }
    }

    /// Whether the pod waits for a node or for its volumes.
    var isWaitingForAPlace: Bool {
        metadata.deletionTimestamp == nil && status.phase == "Pending"
            && !status.containerStatuses.contains {
                $0.state.running != nil || $0.lastState.terminated != nil
            }
    }
}

extension Snapshot {
    /// The claims that a pod needs and that are not there.
    ///
    /// The scheduler's word counts as long as no list says otherwise.
    func missingClaims(of pod: Pod) -> [ObjectReference] {
        let words = pod.status.conditions["PodScheduled"].flatMap { $0.status == .false ? $0.message : nil } ?? ""
        return pod.claimReferences.filter { claim in
            exists(claim).map { !$0 } ?? words.contains("persistentvolumeclaim \"\(claim.name)\" not found")
        }
    }
}
