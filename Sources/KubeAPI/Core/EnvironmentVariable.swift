// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A setting that a container finds in its environment.
public struct EnvironmentVariable: Sendable, Hashable {
    /// The name.
    public var name = ""
    /// The value, if it is written here.
    public var value: String?
    /// Where the value is, if it is in a ConfigMap.
    public var configMapKey: KeyReference?
    /// Where the value is, if it is in a Secret.
    public var secretKey: KeyReference?
    /// The field of the pod that is the value.
    public var fieldPath: String?
    /// The request or limit that is the value, such as `limits.memory`.
    public var resource: String?

    /// Creates an empty value.
    public init() {}
}

extension EnvironmentVariable: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            case "value": try reader.read(into: &value)
            case "valueFrom":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "configMapKeyRef": try reader.read(into: &configMapKey)
                    case "secretKeyRef": try reader.read(into: &secretKey)
                    case "fieldRef":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "fieldPath": try reader.read(into: &fieldPath)
                            default: try reader.skipValue()
                            }
                        }
                    case "resourceFieldRef":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "resource": try reader.read(into: &resource)
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

/// Many settings at once.
public struct EnvironmentSource: Sendable, Hashable {
    /// What is put before each name.
    public var prefix = ""
    /// The ConfigMap that holds them; the key is empty.
    public var configMap: KeyReference?
    /// The Secret that holds them; the key is empty.
    public var secret: KeyReference?

    /// Creates an empty value.
    public init() {}
}

extension EnvironmentSource: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "prefix": try reader.read(into: &prefix)
            case "configMapRef": try reader.read(into: &configMap)
            case "secretRef": try reader.read(into: &secret)
            default: try reader.skipValue()
            }
        }
    }
}

/// Names a setting of a ConfigMap or Secret.
public struct KeyReference: Sendable, Hashable {
    /// The object.
    public var name = ""
    /// The setting.
    public var key = ""
    /// Whether a pod starts without it.
    public var isOptional = false

    /// Creates an empty value.
    public init() {}
}

extension KeyReference: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            case "key": try reader.read(into: &self.key)
            case "optional": try reader.read(into: &isOptional)
            default: try reader.skipValue()
            }
        }
    }
}
