// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Whose rights pods have (core `v1`).
public struct ServiceAccount: ObservedResource {
    public static let apiResource = APIResource(
        group: "",
        version: "v1",
        kind: "ServiceAccount",
        plural: "serviceaccounts"
    )

    public var metadata: ObjectMeta
    /// The Secrets with which its pods pull images.
    public var imagePullSecrets: [NameReference] = []
    /// Whether pods get its token; nil counts as true.
    public var automountsToken: Bool?

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "imagePullSecrets": try reader.read(into: &imagePullSecrets)
            case "automountServiceAccountToken": try reader.read(into: &automountsToken)
            default: try reader.skipValue()
            }
        }
    }
}
