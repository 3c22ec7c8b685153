// SPDX-License-Identifier: Apache-2.0
public import JSON

/// How many replicas an object wants and has (`autoscaling/v1`): what the subresource `scale` of any kind answers.
public struct Scale: KubernetesObject, Hashable {
    /// The name, namespace and version of the object that is scaled.
    public var metadata: ObjectMeta
    /// How many replicas are wanted.
    public var replicas: Int
    /// How many there are, as far as the controller has seen.
    public var currentReplicas = 0
    /// The label selector of the replicas, in its text form; nil if the kind does not tell.
    public var selector: String?

    /// Creates a scale to be written.
    public init(metadata: ObjectMeta, replicas: Int) {
        self.metadata = metadata
        self.replicas = replicas
    }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta(), replicas: 0)
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec":
                if try reader.readNull() { continue }
                try reader.beginObject()
                while let field = try reader.nextKey() {
                    switch field {
                    case "replicas": try reader.read(into: &replicas)
                    default: try reader.skipValue()
                    }
                }
            case "status":
                if try reader.readNull() { continue }
                try reader.beginObject()
                while let field = try reader.nextKey() {
                    switch field {
                    case "replicas": try reader.read(into: &currentReplicas)
                    case "selector": try reader.read(into: &selector)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", "autoscaling/v1")
            writer.field("kind", "Scale")
            writer.field("metadata", metadata)
            writer.field("spec", object: { $0.field("replicas", replicas) })
        }
    }
}
