// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Who serves a version of an API group (`apiregistration.k8s.io/v1`).
public struct APIService: ObservedResource {
    public static let apiResource = APIResource(
        group: "apiregistration.k8s.io",
        version: "v1",
        kind: "APIService",
        plural: "apiservices",
        isNamespaced: false
    )

    public var metadata: ObjectMeta
    /// The group.
    public var group = ""
    /// The version.
    public var version = ""
    /// The namespace of the Service that serves it.
    public var serviceNamespace: String?
    /// The Service that serves it; nil: the API server itself.
    public var serviceName: String?
    /// `Available`.
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
                    case "version": try reader.read(into: &version)
                    case "service":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "namespace": try reader.read(into: &serviceNamespace)
                            case "name": try reader.read(into: &serviceName)
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "conditions": try reader.read(into: &conditions)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
