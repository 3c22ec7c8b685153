// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

/// A node, as far as an agent keeps it.
struct ObservedNode: KubernetesObject, Hashable {
    var metadata = ObjectMeta()
    var capacity: [String: Quantity] = [:]
    var allocatable: [String: Quantity] = [:]
    var isReady = false
    /// What is wrong; nil if nothing is.
    var trouble: ObservedPod.Trouble?

    init(from reader: inout JSONReader) throws(JSONError) {
        let node = try Node(from: &reader)
        metadata = node.metadata.trimmed
        for resource in ["cpu", "memory", "pods"] {
            capacity[resource] = node.capacity[resource]
            allocatable[resource] = node.allocatable[resource]
        }
        isReady = node.conditions.isTrue("Ready")
        if !isReady {
            let ready = node.conditions["Ready"]
            let reason = ready?.status == .unknown ? "NodeStatusUnknown" : "NodeNotReady"
            trouble = .init(reason: reason, message: SafeText.of(ready?.message ?? ""), container: nil)
        } else if let pressure = node.conditions.first(where: { Self.isPressure($0) }) {
            trouble = .init(reason: pressure.type, message: SafeText.of(pressure.message), container: nil)
        }
    }

    func encode(to writer: inout JSONWriter) { PartialObjectMetadata(metadata: metadata).encode(to: &writer) }

    private static func isPressure(_ condition: Condition) -> Bool {
        condition.status == .true
            && [
                "DiskPressure", "MemoryPressure", "PIDPressure", "NetworkUnavailable", "KernelDeadlock",
                "ReadonlyFilesystem",
            ].contains(condition.type)
    }
}

/// A claim of storage, as far as an agent keeps it.
struct ObservedClaim: KubernetesObject, Hashable {
    var metadata = ObjectMeta()
    /// `Pending`, `Bound` or `Lost`.
    var phase = ""

    init(from reader: inout JSONReader) throws(JSONError) {
        let claim = try PersistentVolumeClaim(from: &reader)
        metadata = claim.metadata.trimmed
        phase = claim.phase
    }

    func encode(to writer: inout JSONWriter) { PartialObjectMetadata(metadata: metadata).encode(to: &writer) }
}

/// What a node uses at the moment (`metrics.k8s.io/v1beta1`), on clusters with a metrics server.
struct ObservedNodeUsage: KubernetesObject, Hashable {
    static let resource = APIResource(
        group: "metrics.k8s.io",
        version: "v1beta1",
        kind: "NodeMetrics",
        plural: "nodes",
        isNamespaced: false
    )

    var metadata = ObjectMeta()
    var usage: [String: Quantity] = [:]

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "usage": try reader.read(into: &usage)
            default: try reader.skipValue()
            }
        }
    }

    func encode(to writer: inout JSONWriter) { PartialObjectMetadata(metadata: metadata).encode(to: &writer) }
}
