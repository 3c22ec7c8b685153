// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A kind that somebody has added (`apiextensions.k8s.io/v1`).
public struct CustomResourceDefinition: ObservedResource {
    public static let apiResource = APIResource(
        group: "apiextensions.k8s.io",
        version: "v1",
        kind: "CustomResourceDefinition",
        plural: "customresourcedefinitions",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// The API group.
    public var group = ""
    /// The kind.
    public var kind = ""
    /// The plural name.
    public var plural = ""
    /// `Namespaced` or `Cluster`.
    public var scope = ""
    /// The versions in which objects may be stored.
    public var storedVersions: [String] = []
    /// The namespace of the Service that converts between versions.
    public var conversionNamespace: String?
    /// The Service that converts between versions.
    public var conversionService: String?
    /// `Established`, `NamesAccepted`.
    public var conditions: [Condition] = []

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
                    case "group": try reader.read(into: &group)
                    case "names":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "kind": try reader.read(into: &kind)
                            case "plural": try reader.read(into: &plural)
                            default: try reader.skipValue()
                            }
                        }
                    case "scope": try reader.read(into: &scope)
                    case "conversion":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "webhook":
                                try reader.readFields { (key, reader) throws(JSONError) in
                                    switch key {
                                    case "clientConfig":
                                        try reader.readFields { (key, reader) throws(JSONError) in
                                            switch key {
                                            case "service":
                                                try reader.readFields { (key, reader) throws(JSONError) in
                                                    switch key {
                                                    case "namespace": try reader.read(into: &conversionNamespace)
                                                    case "name": try reader.read(into: &conversionService)
                                                    default: try reader.skipValue()
                                                    }
                                                }
                                            default: try reader.skipValue()
                                            }
                                        }
                                    default: try reader.skipValue()
                                    }
                                }
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "storedVersions": try reader.read(into: &storedVersions)
                    case "conditions": try reader.read(into: &conditions)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
