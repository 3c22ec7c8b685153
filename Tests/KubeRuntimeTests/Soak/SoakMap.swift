// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

/// A ConfigMap, with all of it that a soak writes.
struct SoakMap: Resource, Hashable {
    static let apiResource = APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")

    var metadata: ObjectMeta
    var data: [String: String] = [:]

    init(_ name: String, labels: [String: String] = [:], data: [String: String] = [:]) {
        metadata = ObjectMeta(name: name)
        metadata.labels = labels
        self.data = data
    }

    var uid: String { metadata.uid ?? "" }
    /// The resourceVersion as a number.
    var version: UInt64? { metadata.resourceVersion.flatMap { UInt64($0) } }

    init(from reader: inout JSONReader) throws(JSONError) {
        self.init("")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "data": try reader.read(into: &data)
            default: try reader.skipValue()
            }
        }
    }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiResource.apiVersion)
            writer.field("kind", Self.apiResource.kind)
            writer.field("metadata", metadata)
            writer.field("data", data)
        }
    }
}
