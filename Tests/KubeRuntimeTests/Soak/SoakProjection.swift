// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeRuntime

/// The part of a soak's ConfigMaps that some informers keep.
enum SoakProjection: FieldSelection {
    static let fields = FieldSet(["data.revision"])
}

extension SoakMap {
    init(_ object: ProjectedObject<SoakProjection>) {
        self.init("")
        metadata = object.metadata
        if let revision = object.value["data"]?["revision"]?.stringValue { data = ["revision": revision] }
    }

    /// What a projection leaves of it.
    var projected: SoakMap {
        var map = self
        map.data = data.filter { $0.key == "revision" }
        return map
    }
}

extension InformerEvent {
    /// The same event, of what stands for the object.
    func map<Other: KubernetesObject>(_ transform: (Object) -> Other) -> InformerEvent<Other> {
        switch self {
        case .added(let object, let isInInitialList): .added(transform(object), isInInitialList: isInInitialList)
        case .updated(let old, let new): .updated(old: transform(old), new: transform(new))
        case .deleted(let last, let isFinalStateUnknown):
            .deleted(transform(last), isFinalStateUnknown: isFinalStateUnknown)
        }
    }
}
