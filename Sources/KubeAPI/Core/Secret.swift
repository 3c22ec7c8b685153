// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Settings that nobody may see (core `v1`): their names, never their values.
///
/// The values are skipped while the object is read, so they are in no variable that could be written out by mistake.
public struct Secret: ObservedResource {
    public static let apiResource = APIResource(group: "", version: "v1", kind: "Secret", plural: "secrets")

    public var metadata: ObjectMeta
    /// What it is for, such as `kubernetes.io/tls`.
    public var type = "Opaque"
    /// The names of the settings.
    public var keys: Set<String> = []

    /// Creates an empty object.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata":
                try reader.read(into: &metadata)
                // kubectl apply keeps the whole object here, the values among it.
                metadata.annotations = [:]
            case "type": try reader.read(into: &type)
            case "data", "stringData": keys.formUnion(try reader.readKeys())
            default: try reader.skipValue()
            }
        }
    }
}
