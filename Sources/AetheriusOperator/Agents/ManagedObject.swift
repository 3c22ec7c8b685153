// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI

/// An object that the operator makes, as the tree of a server-side apply: only the fields that it wants.
struct ManagedObject: Sendable, Hashable {
    let resource: APIResource
    let name: String
    let namespace: String?
    /// The whole object.
    private(set) var value: JSONValue

    /// Describes an object.
    /// - Parameters:
    ///   - labels: what it carries besides the label for the program that looks after it.
    ///   - fields: everything but `apiVersion`, `kind` and `metadata`.
    init(
        _ resource: APIResource,
        _ name: String,
        in namespace: String? = nil,
        labels: [String: String],
        annotations: [String: String] = [:],
        _ fields: KeyValuePairs<String, JSONValue> = [:]
    ) {
        self.resource = resource
        self.name = name
        self.namespace = namespace
        var all = labels
        all[LabelKey.managedBy] = LabelKey.managedByValue
        var metadata: JSONValue = ["name": .string(name)]
        if let namespace { metadata["namespace"] = .string(namespace) }
        metadata["labels"] = .strings(all)
        if !annotations.isEmpty { metadata["annotations"] = .strings(annotations) }
        var value: JSONValue = [
            "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind), "metadata": metadata,
        ]
        for (key, field) in fields { value[key] = field }
        self.value = value
    }

    /// The same object, which goes when the ClusterAgent goes, whether there is an operator then or not.
    ///
    /// The reference does not block the owner's deletion: that would take a right on finalizers.
    func owned(by agent: ClusterAgent) -> ManagedObject {
        guard let uid = agent.metadata.uid else { return self }
        var owned = self
        let owner = OwnerReference(
            apiVersion: ClusterAgent.apiResource.apiVersion,
            kind: ClusterAgent.apiResource.kind,
            name: agent.metadata.name,
            uid: uid
        )
        owned.value["metadata"]?["ownerReferences"] = [.encoding(owner)]
        return owned
    }
}

extension APIResource {
    static let configMap = APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")
    static let deployment = APIResource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
    static let role = rbac("Role", "roles")
    static let roleBinding = rbac("RoleBinding", "rolebindings")
    static let clusterRole = rbac("ClusterRole", "clusterroles", isNamespaced: false)
    static let clusterRoleBinding = rbac("ClusterRoleBinding", "clusterrolebindings", isNamespaced: false)

    private static func rbac(_ kind: String, _ plural: String, isNamespaced: Bool = true) -> APIResource {
        APIResource(
            group: "rbac.authorization.k8s.io",
            version: "v1",
            kind: kind,
            plural: plural,
            isNamespaced: isNamespaced
        )
    }
}

extension JSONValue {
    /// An object whose values are strings, in the order of its keys.
    static func strings(_ values: [String: String]) -> JSONValue {
        var object: JSONValue = [:]
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { object[key] = .string(value) }
        return object
    }

    /// An array of strings.
    static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
}
