// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

extension Snapshot {
    /// All pods that were seen, those of the subject first.
    public var allPods: [Pod] { neighbourPods.isEmpty ? pods : pods + neighbourPods }

    /// All workloads that were seen, those of the subject first.
    public var allWorkloads: [Workload] { neighbourWorkloads.isEmpty ? workloads : workloads + neighbourWorkloads }

    /// The pod of a name.
    public func pod(_ name: String, in namespace: String) -> Pod? {
        tables.pods[ObjectKey(kind: Pod.apiResource.kind, namespace: namespace, name: name)].map { pod(at: $0) }
    }

    /// The workload of a kind and name.
    public func workload(_ kind: String, _ name: String, in namespace: String) -> Workload? {
        tables.workloads[ObjectKey(kind: kind, namespace: namespace, name: name)].map { workload(at: $0) }
    }

    /// The pods of a namespace, neighbours among them.
    public func pods(in namespace: String) -> [Pod] {
        (tables.podsByNamespace[namespace] ?? []).map { pod(at: $0) }
    }

    /// The pods of a namespace whose labels a selector matches, neighbours among them.
    public func pods(matching selector: LabelSelector, in namespace: String) -> [Pod] {
        (tables.podsByNamespace[namespace] ?? []).lazy.map { pod(at: $0) }
            .filter { selector.matches($0.metadata.labels) }
    }

    /// The pods that are bound to a node, neighbours among them.
    public func pods(on node: String) -> [Pod] { (tables.podsByNode[node] ?? []).map { pod(at: $0) } }

    /// The pods of the controller with an identity, neighbours among them.
    public func pods(controlledBy uid: String) -> [Pod] { (tables.podsByController[uid] ?? []).map { pod(at: $0) } }

    /// Whether an object exists; nil if that cannot be told from what was read.
    ///
    /// Absence follows only from a list that is known to be whole, or from the answer of a server that was asked.
    public func exists(_ reference: ObjectReference) -> Bool? {
        if let answer = existence[reference.description] { return answer }
        let (kind, name, namespace) = (reference.kind, reference.name, reference.namespace)
        if kind == Pod.apiResource.kind, Self.isMeant(Pod.apiResource, by: reference) {
            return pod(name, in: namespace) != nil ? true : absence(kind, namespace)
        }
        if let resource = Workload.kinds.first(where: { $0.kind == kind }), Self.isMeant(resource, by: reference) {
            return workload(kind, name, in: namespace) != nil ? true : absence(kind, namespace)
        }
        return known(reference)
    }

    private func absence(_ kind: String, _ namespace: String) -> Bool? {
        coverage[kind, default: .nothing].includes(namespace) ? false : nil
    }

    /// Whether a reference means a kind: other groups have a `Service` or an `Ingress` too.
    static func isMeant(_ resource: APIResource, by reference: ObjectReference) -> Bool {
        guard !reference.apiVersion.isEmpty else { return true }
        let parts = reference.apiVersion.split(separator: "/")
        return (parts.count > 1 ? String(parts[0]) : "") == resource.group
    }
}
