// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

/// A list of steps to be run in one cluster, once.
///
/// A plan that changes anything runs only after somebody approved exactly these steps.
public struct ExecutionPlan: Resource, Hashable {
    public static let apiResource = APIResource(
        group: AetheriusGroup.name,
        version: AetheriusGroup.version,
        kind: "ExecutionPlan",
        plural: "executionplans"
    )

    public var metadata: ObjectMeta
    /// The steps, where they run and who decided so.
    public var spec: Spec
    /// How the plan went.
    ///
    /// Left out when written while it is empty.
    public var status = Status()
    /// What makes the stored spec unreadable; nil for a spec that could be read.
    ///
    /// It is set only for objects that were stored before the schema was as strict as it is now. `spec` is then empty.
    public private(set) var unreadableSpec: FieldError?

    /// Creates a plan that nobody has seen.
    public init(metadata: ObjectMeta, spec: Spec) {
        self.metadata = metadata
        self.spec = spec
    }
}

extension ExecutionPlan {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta(), spec: Spec(steps: []))
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
