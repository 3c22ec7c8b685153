// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Somebody who is asked before an object is stored.
public struct Webhook: Sendable, Hashable {
    /// Its name.
    public var name = ""
    /// `Fail` if nothing may pass while it does not answer, else `Ignore`.
    public var failurePolicy = "Fail"
    /// How long it may take.
    public var timeoutSeconds = 10
    /// The namespace of the Service that answers.
    public var serviceNamespace: String?
    /// The Service that answers; nil if it is outside of the cluster.
    public var serviceName: String?
    /// Its port; nil: 443.
    public var servicePort: Int?
    /// Where it is, if it is outside of the cluster.
    public var url: String?
    /// What it is asked about.
    public var rules: [WebhookRule] = []
    /// The namespaces that it is asked about.
    public var namespaceSelector = LabelSelector()
    /// The objects that it is asked about.
    public var objectSelector = LabelSelector()

    /// Creates an empty value.
    public init() {}
}

extension Webhook: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            case "failurePolicy": try reader.read(into: &failurePolicy)
            case "timeoutSeconds": try reader.read(into: &timeoutSeconds)
            case "clientConfig":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "service":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "namespace": try reader.read(into: &serviceNamespace)
                            case "name": try reader.read(into: &serviceName)
                            case "port": try reader.read(into: &servicePort)
                            default: try reader.skipValue()
                            }
                        }
                    case "url": try reader.read(into: &url)
                    default: try reader.skipValue()
                    }
                }
            case "rules": try reader.read(into: &rules)
            case "namespaceSelector": try reader.read(into: &namespaceSelector)
            case "objectSelector": try reader.read(into: &objectSelector)
            default: try reader.skipValue()
            }
        }
    }
}

/// Which requests a webhook is asked about.
public struct WebhookRule: Sendable, Hashable {
    /// Such as `CREATE`; `*`: all.
    public var operations: [String] = []
    /// The API groups; `*`: all.
    public var groups: [String] = []
    /// The plural names; `*`: all.
    public var resources: [String] = []

    /// Creates an empty value.
    public init() {}
}

extension WebhookRule: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "operations": try reader.read(into: &operations)
            case "apiGroups": try reader.read(into: &groups)
            case "resources": try reader.read(into: &resources)
            default: try reader.skipValue()
            }
        }
    }
}
