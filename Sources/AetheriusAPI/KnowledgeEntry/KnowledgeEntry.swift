// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

/// Keeps what somebody learned about a kind of trouble: text for people, and marks by which a diagnosis recognises it.
///
/// Entries in the operator's namespace serve every task, others the tasks of their own namespace.
public struct KnowledgeEntry: Resource, Hashable {
    public static let apiResource = APIResource(
        group: AetheriusGroup.name,
        version: AetheriusGroup.version,
        kind: "KnowledgeEntry",
        plural: "knowledgeentries"
    )

    public var metadata: ObjectMeta
    /// What is known.
    public var spec: Spec
    /// How the entry fares.
    ///
    /// Left out when written while it is empty.
    public var status = Status()

    /// Creates an entry that nobody has indexed.
    public init(metadata: ObjectMeta, spec: Spec) {
        self.metadata = metadata
        self.spec = spec
    }
}

extension KnowledgeEntry {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta(), spec: Spec(title: "", content: ""))
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
            writer.field("status", status == Status() ? nil : status)
        }
    }
}
