// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A piece of storage (core `v1`).
public struct PersistentVolume: ObservedResource {
    public static let apiResource = APIResource(
        group: "",
        version: "v1",
        kind: "PersistentVolume",
        plural: "persistentvolumes",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// The class; empty: none.
    public var storageClassName = ""
    /// What it can do at most.
    public var accessModes: [String] = []
    /// How large it is: `storage`.
    public var capacity: [String: Quantity] = [:]
    /// The claim that it is bound to, or kept for.
    public var claim: ObjectReference?
    /// The nodes that can reach it; nil: all.
    public var nodeAffinity: NodeSelector?
    /// `Filesystem` or `Block`.
    public var volumeMode = "Filesystem"
    /// `Retain`, `Delete` or `Recycle`.
    public var reclaimPolicy = ""
    /// The driver that serves it, if it is a CSI volume.
    public var driver: String?
    /// `Available`, `Bound`, `Released`, `Failed` or `Pending`.
    public var phase = ""
    /// A word for why it is in this phase.
    public var reason = ""
    /// A sentence for the same.
    public var message = ""

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "storageClassName": try reader.read(into: &storageClassName)
                    case "accessModes": try reader.read(into: &accessModes)
                    case "capacity": try reader.read(into: &capacity)
                    case "claimRef": try reader.read(into: &claim)
                    case "nodeAffinity":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "required": try reader.read(into: &nodeAffinity)
                            default: try reader.skipValue()
                            }
                        }
                    case "volumeMode": try reader.read(into: &volumeMode)
                    case "persistentVolumeReclaimPolicy": try reader.read(into: &reclaimPolicy)
                    case "csi":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "driver": try reader.read(into: &driver)
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "phase": try reader.read(into: &phase)
                    case "reason": try reader.read(into: &reason)
                    case "message": try reader.read(into: &message)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
