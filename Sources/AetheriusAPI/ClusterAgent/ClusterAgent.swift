// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

/// Stands for one observed cluster.
///
/// Its name is the cluster's id everywhere else.
///
/// The name is a DNS label of at most 47 characters; ``AetheriusGroup/localClusterName`` is the cluster the operator
/// runs in.
public struct ClusterAgent: Resource, Hashable {
    public static let apiResource = APIResource(
        group: AetheriusGroup.name,
        version: AetheriusGroup.version,
        kind: "ClusterAgent",
        plural: "clusteragents",
        isNamespaced: false
    )

    /// The most characters that the name may have: 47.
    public static let maximumNameLength = 47

    public var metadata: ObjectMeta
    /// How the cluster is reached, what the agent may do there and what it reports.
    public var spec: Spec
    /// What the operator and the agent know.
    ///
    /// Left out when written while it is empty.
    public var status = Status()
    /// What makes the stored spec unreadable; nil for a spec that could be read.
    ///
    /// It is set only for objects that were stored before the schema was as strict as it is now. `spec` is then empty.
    public private(set) var unreadableSpec: FieldError?

    /// Creates an agent that nobody has seen.
    public init(metadata: ObjectMeta, spec: Spec) {
        self.metadata = metadata
        self.spec = spec
    }
}

extension ClusterAgent {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta(), spec: Spec(mode: Mode(rawValue: "")))
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec": unreadableSpec = try reader.readTolerantly("spec", into: &spec)
            // A status that cannot be read is as good as none: it is written anew.
            case "status": _ = try reader.readTolerantly("status", into: &status)
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
            writer.field("status", status == Status() ? nil : status)
        }
    }
}
