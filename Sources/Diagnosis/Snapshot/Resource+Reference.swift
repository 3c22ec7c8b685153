// SPDX-License-Identifier: Apache-2.0
package import KubeAPI

extension Resource {
    /// A reference to the object.
    var reference: ObjectReference { Self.apiResource.reference(to: metadata) }
}

extension APIResource {
    /// A reference to an object of this kind.
    package func reference(to metadata: ObjectMeta) -> ObjectReference {
        ObjectReference(
            apiVersion: apiVersion,
            kind: kind,
            namespace: metadata.namespace ?? "",
            name: metadata.name,
            uid: metadata.uid
        )
    }

    /// A reference to the object of a name, whether there is one or not.
    package func reference(_ name: String, in namespace: String = "") -> ObjectReference {
        ObjectReference(apiVersion: apiVersion, kind: kind, namespace: isNamespaced ? namespace : "", name: name)
    }
}

extension CustomObject {
    /// A reference to the object, whose kind only it knows.
    var reference: ObjectReference {
        var reference = ObjectReference(apiVersion: apiVersion, kind: kind, name: metadata.name, uid: metadata.uid)
        reference.namespace = metadata.namespace ?? ""
        return reference
    }
}
