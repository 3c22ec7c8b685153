// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A way to get volumes (`storage.k8s.io/v1`).
public struct StorageClass: ObservedResource {
    public static let apiResource = APIResource(
        group: "storage.k8s.io",
        version: "v1",
        kind: "StorageClass",
        plural: "storageclasses",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// Who makes the volumes; `kubernetes.io/no-provisioner`: nobody, they have to be there.
    public var provisioner = ""
    /// `Immediate`, or `WaitForFirstConsumer` if a claim waits for its pod.
    public var volumeBindingMode = "Immediate"
    /// Whether claims may grow.
    public var allowsVolumeExpansion = false

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    /// Whether claims without a class get this one.
    public var isDefault: Bool {
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
            .contains { metadata.annotations[$0] == "true" }
    }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "provisioner": try reader.read(into: &provisioner)
            case "volumeBindingMode": try reader.read(into: &volumeBindingMode)
            case "allowVolumeExpansion": try reader.read(into: &allowsVolumeExpansion)
            default: try reader.skipValue()
            }
        }
    }
}
