// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A group of containers that run together on one node (core `v1`).
///
/// Holds what a diagnosis looks at, not the whole object: do not write it back with an update.
public struct Pod: Resource, Hashable {
    public static let apiResource = APIResource(group: "", version: "v1", kind: "Pod", plural: "pods")

    public var metadata: ObjectMeta
    /// What is wanted.
    public var spec = PodSpec()
    /// What was observed.
    public var status = PodStatus()

    /// Creates a pod without containers.
    public init(metadata: ObjectMeta) { self.metadata = metadata }
}

extension Pod {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec": try reader.read(into: &spec)
            case "status": try reader.read(into: &status)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiResource.apiVersion)
            writer.field("kind", Self.apiResource.kind)
            writer.field("metadata", metadata)
            writer.field("spec", spec)
        }
    }
}

/// What a pod is to be made of.
public struct PodSpec: Sendable, Hashable {
    /// The node that the pod was bound to.
    public var nodeName: String?
    /// `Always`, `OnFailure` or `Never`.
    public var restartPolicy = "Always"
    /// The containers that run side by side.
    public var containers: [Container] = []
    /// The containers that run one after the other before those.
    public var initContainers: [Container] = []
    /// The labels that a node must carry.
    public var nodeSelector: [String: String] = [:]
    /// Where it wants to be.
    public var affinity = Affinity()
    /// The taints that it does not mind.
    public var tolerations: [Toleration] = []
    /// How evenly it and its like have to be spread.
    public var topologySpread: [TopologySpread] = []
    /// Who is to choose its node; nil for the cluster's own scheduler.
    public var schedulerName: String?
    /// Whose rights the pod has.
    public var serviceAccountName: String?
    /// The names of what has to happen before the pod may be scheduled.
    public var schedulingGates: [String] = []
    /// How important it is.
    public var priorityClassName: String?
    /// How its containers are run.
    public var runtimeClassName: String?
    /// The Secrets with which its images are pulled, besides those of its service account.
    public var imagePullSecrets: [NameReference] = []
    /// Its volumes.
    public var volumes: [Volume] = []
    /// Whether it uses the network of its node.
    public var usesHostNetwork = false
    /// How it resolves names: `ClusterFirst`, `Default`, `None` or `ClusterFirstWithHostNet`.
    public var dnsPolicy = "ClusterFirst"
    /// The addresses of name servers of its own, from `dnsConfig`.
    public var nameServers: [String] = []
    /// As whom its containers run.
    public var securityContext = SecurityContext()
    /// How long it may run.
    public var activeDeadlineSeconds: Int?
    /// How long it may take to end.
    public var terminationGracePeriodSeconds: Int?

    /// Creates an empty description.
    public init() {}

    /// Whether it also asks for a node by required node affinity.
    public var requiresNodeAffinity: Bool { affinity.requiredNodes != nil }
}

extension PodSpec: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "nodeName": try reader.readShared(into: &nodeName)
            case "restartPolicy": try reader.read(into: &restartPolicy)
            case "containers": try reader.read(into: &containers)
            case "initContainers": try reader.read(into: &initContainers)
            case "nodeSelector": try reader.readShared(into: &nodeSelector)
            case "affinity": try reader.read(into: &affinity)
            case "tolerations": try reader.readShared(into: &tolerations)
            case "topologySpreadConstraints": try reader.readShared(into: &topologySpread)
            case "priorityClassName": try reader.readShared(into: &priorityClassName)
            case "runtimeClassName": try reader.read(into: &runtimeClassName)
            case "imagePullSecrets": try reader.readShared(into: &imagePullSecrets)
            case "volumes": try reader.read(into: &volumes)
            case "hostNetwork": try reader.read(into: &usesHostNetwork)
            case "dnsPolicy": try reader.read(into: &dnsPolicy)
            case "dnsConfig":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "nameservers": try reader.read(into: &nameServers)
                    default: try reader.skipValue()
                    }
                }
            case "securityContext": try reader.read(into: &securityContext)
            case "activeDeadlineSeconds": try reader.read(into: &activeDeadlineSeconds)
            case "terminationGracePeriodSeconds": try reader.read(into: &terminationGracePeriodSeconds)
            case "schedulerName": try reader.readShared(into: &schedulerName)
            case "serviceAccountName": try reader.readShared(into: &serviceAccountName)
            case "schedulingGates": if try !reader.readNull() { try readSchedulingGates(from: &reader) }
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readSchedulingGates(from reader: inout JSONReader) throws(JSONError) {
        var gates: [NameReference] = []
        try reader.read(into: &gates)
        schedulingGates = gates.map(\.name)
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("nodeName", nodeName)
            writer.field("restartPolicy", restartPolicy)
            writer.field("containers", containers)
            writer.field("initContainers", initContainers.isEmpty ? nil : initContainers)
        }
    }
}
