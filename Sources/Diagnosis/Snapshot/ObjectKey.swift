// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// What tells an object from the others of a cluster, without its group.
struct ObjectKey: Sendable, Hashable {
    var kind: String
    var namespace: String
    var name: String

    init(kind: String, namespace: String, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    init(_ reference: ObjectReference) {
        self.init(kind: reference.kind, namespace: reference.namespace, name: reference.name)
    }

    init(kind: String, _ metadata: ObjectMeta) {
        self.init(kind: kind, namespace: metadata.namespace ?? "", name: metadata.name)
    }
}
