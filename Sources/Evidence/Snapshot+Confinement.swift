// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI

extension Snapshot {
    /// The cluster-scoped kinds of which somebody who is confined to a namespace may know anything.
    static let kindsForEverybody: Set<String> = [
        Node.apiResource.kind, StorageClass.apiResource.kind, PersistentVolume.apiResource.kind,
    ]

    /// Leaves of cluster-scoped objects what somebody who is confined to a namespace may know.
    ///
    /// Nothing may be concluded from what is left out: the inventories lose their coverage.
    mutating func confine(to namespace: String) {
        nodes = nodes.confined { node in
            var bare = Node(metadata: ObjectMeta(name: node.metadata.name))
            bare.conditions = node.conditions
            return bare
        }
        storageClasses = storageClasses.confined { StorageClass(metadata: ObjectMeta(name: $0.metadata.name)) }
        persistentVolumes = persistentVolumes.confined { volume in
            guard volume.phase == "Bound", let claim = volume.claim, claim.namespace == namespace else { return nil }
            var bare = PersistentVolume(metadata: ObjectMeta(name: volume.metadata.name))
            bare.claim = claim
            bare.phase = volume.phase
            return bare
        }
    }
}

extension Inventory {
    fileprivate func confined(_ change: (Object) -> Object?) -> Inventory {
        var confined = Inventory(items.compactMap(change), coverage: .nothing)
        for gap in gaps { confined.add(gap: gap) }
        return confined
    }
}
