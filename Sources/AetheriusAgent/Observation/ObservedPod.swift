// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

/// A pod, as far as an agent keeps it: a few hundred bytes, of which most are its names.
struct ObservedPod: KubernetesObject, Hashable {
    /// What is wrong with a pod now.
    struct Trouble: Sendable, Hashable {
        /// A CamelCase word.
        var reason: String
        /// What Kubernetes says about it.
        var message: String
        /// The container that it is about.
        var container: String?
    }

    var metadata = ObjectMeta()
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    var phase = ""
    /// The node that it runs on.
    var nodeName: String?
    /// Whether it takes traffic, or has ended well.
    var isWell = false
    /// CPU that it requests, in thousandths.
    var cpuMillicores: Int64 = 0
    /// Memory that it requests, in bytes.
    var memoryBytes: Int64 = 0
    /// What is wrong; nil while nothing is, or nobody can tell yet.
    var trouble: Trouble?

    init(_ pod: Pod) {
        metadata = pod.metadata.trimmed
        phase = pod.status.phase
        nodeName = pod.spec.nodeName
        isWell = phase == "Succeeded" || phase == "Running" && pod.status.isReady
        cpuMillicores = pod.spec.request(of: "cpu").milliValue
        memoryBytes = pod.spec.request(of: "memory").value
        trouble = PodTroubles.trouble(of: pod)
    }

    init(from reader: inout JSONReader) throws(JSONError) { self.init(try Pod(from: &reader)) }

    func encode(to writer: inout JSONWriter) { PartialObjectMetadata(metadata: metadata).encode(to: &writer) }

    /// Whether it takes up a node's room.
    var usesNode: Bool { nodeName != nil && phase != "Succeeded" && phase != "Failed" }
}

extension ObjectMeta {
    /// What an agent keeps of the metadata: names, times and the controller.
    var trimmed: ObjectMeta {
        var kept = ObjectMeta(name: name, namespace: namespace)
        kept.uid = uid
        kept.resourceVersion = resourceVersion
        kept.creationTimestamp = creationTimestamp
        kept.deletionTimestamp = deletionTimestamp
        if ownerReferences.count > 1 || controllerReference == nil {
            kept.ownerReferences = controllerReference.map { [$0] } ?? []
        } else {
            // The same storage for all pods of a workload.
            kept.ownerReferences = ownerReferences
        }
        return kept
    }
}

extension PodSpec {
    /// What a pod requests of a resource, as the scheduler reckons: its containers together, or the largest of those
    /// that run before them, whichever is more.
    fileprivate func request(of resource: String) -> Quantity {
        var running = Quantity.zero
        var largest = Quantity.zero
        for container in initContainers {
            let request = container.request(of: resource) ?? .zero
            // One that is always restarted goes on beside the others (KEP-753).
            if container.restartPolicy == "Always" { running += request }
            largest = max(largest, container.restartPolicy == "Always" ? running : running + request)
        }
        for container in containers { running += container.request(of: resource) ?? .zero }
        return max(running, largest)
    }
}
