// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension Resource {
    /// A reference to the object.
    var reference: ObjectReference {
        ObjectReference(
            apiVersion: Self.apiResource.apiVersion,
            kind: Self.apiResource.kind,
            namespace: metadata.namespace ?? "",
            name: metadata.name,
            uid: metadata.uid
        )
    }
}

extension APIResource {
    /// A reference to the object of a name, whether there is one or not.
    func object(named name: String, in namespace: String = "") -> ObjectReference {
        ObjectReference(apiVersion: apiVersion, kind: kind, namespace: namespace, name: name)
    }
}
