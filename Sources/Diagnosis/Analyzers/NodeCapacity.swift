// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// What nodes have, and what of it pods have requested.
struct NodeCapacity: Sendable {
    let node: Node
    /// What pods on the node request, by resource; nil if not all of them are known.
    let requested: [String: Quantity]?

    /// The nodes of a snapshot, if all are known.
    static func all(in snapshot: Snapshot) -> [NodeCapacity] {
        guard snapshot.nodes.isComplete() else { return [] }
        let knowsPods = snapshot.coverage[Pod.apiResource.kind, default: .nothing] == .everything
        return snapshot.nodes.items.map { node in
            guard knowsPods else { return NodeCapacity(node: node, requested: nil) }
            var requested: [String: Quantity] = [:]
            for pod in snapshot.pods(on: node.metadata.name)
            where pod.status.phase != "Succeeded" && pod.status.phase != "Failed" {
                for resource in ["cpu", "memory"] {
                    requested[resource, default: .zero] += pod.spec.requested(resource)
                }
            }
            return NodeCapacity(node: node, requested: requested)
        }
    }

    /// How much pods may request of a resource in all.
    func allocatable(_ resource: String) -> Quantity? { node.allocatable[resource] ?? node.capacity[resource] }

    /// How much of it nobody has requested yet; nil if nobody knows.
    func free(_ resource: String) -> Quantity? {
        guard let requested, let whole = allocatable(resource) else { return nil }
        return max(whole - (requested[resource] ?? .zero), .zero)
    }
}
