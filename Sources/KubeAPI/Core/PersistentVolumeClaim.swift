// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A wish for storage (core `v1`).
public struct PersistentVolumeClaim: ObservedResource {
    public static let apiResource = APIResource(
        group: "",
        version: "v1",
        kind: "PersistentVolumeClaim",
        plural: "persistentvolumeclaims"
    )

    public var metadata: ObjectMeta
    /// What is wanted.
    public var spec = ClaimSpec()
    /// `Pending`, `Bound` or `Lost`.
    public var phase = ""
    /// What it got.
    public var capacity: [String: Quantity] = [:]
    /// What was observed.
    public var conditions: [Condition] = []

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec": try reader.read(into: &spec)
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "phase": try reader.read(into: &phase)
                    case "capacity": try reader.read(into: &capacity)
                    case "conditions": try reader.read(into: &conditions)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

/// What a claim asks for.
public struct ClaimSpec: Sendable, Hashable {
    /// The class; nil: the default class, empty: a volume without a class.
    public var storageClassName: String?
    /// `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany`, `ReadWriteOncePod`.
    public var accessModes: [String] = []
    /// How much: `storage`.
    public var requests: [String: Quantity] = [:]
    /// Which volumes will do; nil: any.
    public var selector: LabelSelector?
    /// The volume that it is bound to, or has to be bound to.
    public var volumeName = ""
    /// `Filesystem` or `Block`.
    public var volumeMode = "Filesystem"

    /// Creates an empty value.
    public init() {}
}

extension ClaimSpec: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "storageClassName": try reader.read(into: &storageClassName)
            case "accessModes": try reader.read(into: &accessModes)
            case "resources":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "requests": try reader.read(into: &requests)
                    default: try reader.skipValue()
                    }
                }
            case "selector": try reader.read(into: &selector)
            case "volumeName": try reader.read(into: &volumeName)
            case "volumeMode": try reader.read(into: &volumeMode)
            default: try reader.skipValue()
            }
        }
    }
}
