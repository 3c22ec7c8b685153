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
    /// What makes the stored spec unreadable; nil for a spec that could be read.
    ///
    /// It is set only for objects that were stored before the schema was as strict as it is now. `spec` is then empty.
    public private(set) var unreadableSpec: FieldError?

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
