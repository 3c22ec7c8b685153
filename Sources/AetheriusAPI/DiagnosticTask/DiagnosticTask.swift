// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

/// Asks why something in a cluster is broken; the answer appears in its status.
///
/// Whoever may create one may have logs and events of its target read.
public struct DiagnosticTask: Resource, Hashable {
    public static let apiResource = APIResource(
        group: AetheriusGroup.name,
        version: AetheriusGroup.version,
        kind: "DiagnosticTask",
        plural: "diagnostictasks"
    )

    public var metadata: ObjectMeta
    /// The question and its limits.
    public var spec: Spec
    /// The answer and how it came about.
    ///
    /// Left out when written while it is empty.
    public var status = Status()
    /// What makes the stored spec unreadable; nil for a spec that could be read.
    ///
    /// It is set only for objects that were stored before the schema was as strict as it is now. `spec` is then empty.
    public private(set) var unreadableSpec: FieldError?

    /// Creates a task that nobody has taken up.
    public init(metadata: ObjectMeta, spec: Spec = Spec()) {
        self.metadata = metadata
        self.spec = spec
    }
}

extension DiagnosticTask {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
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
