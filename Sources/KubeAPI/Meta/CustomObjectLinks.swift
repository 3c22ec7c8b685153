// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What the spec of a custom resource names, by the conventions that most of their authors follow.
public struct CustomObjectLinks: Sendable, Hashable {
    /// An object that is named by kind and name, as in `issuerRef` or `secretStoreRef`.
    public struct Target: Sendable, Hashable {
        /// The kind.
        public var kind: String
        /// The name.
        public var name: String
        /// The namespace; nil if it is not said.
        public var namespace: String?

        /// Creates a target.
        public init(kind: String, name: String, namespace: String? = nil) {
            self.kind = kind
            self.name = name
            self.namespace = namespace
        }
    }

    /// The most of each that are kept.
    public static let maximumCount = 20
    /// How deep a spec is looked into.
    private static let maximumDepth = 8

    /// The objects that are named by kind and name, in the order of the spec; at most ``maximumCount``.
    public var targets: [Target] = []
    /// The Secrets that it says it writes: `secretName`, or the name in `target`; at most ``maximumCount``.
    public var secrets: [String] = []

    /// Creates links to nothing.
    public init() {}

    /// Reads a spec of any shape; what is no object is skipped.
    /// - Throws: ``JSON/JSONError`` if it is no JSON.
    public mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try read(from: &reader, named: "", depth: 0)
    }

    private mutating func read(from reader: inout JSONReader, named field: String, depth: Int) throws(JSONError) {
        switch try reader.peekKind() {
        case .object where depth < Self.maximumDepth:
            var kind = ""
            var name = ""
            var namespace: String?
            try reader.readFields { (key, reader) throws(JSONError) in
                guard try reader.peekKind() == .string else {
                    return try read(from: &reader, named: key.string, depth: depth + 1)
                }
                switch key {
                case "kind": kind = try reader.readString()
                case "name": name = try reader.readString()
                case "namespace": namespace = try reader.readString()
                case "secretName": note(secret: try reader.readString())
                default: try reader.skipValue()
                }
            }
            if field == "target" { note(secret: name) }
            if !kind.isEmpty, !name.isEmpty, targets.count < Self.maximumCount {
                targets.append(Target(kind: kind, name: name, namespace: namespace))
            }
        case .array where depth < Self.maximumDepth:
            try reader.beginArray()
            while try reader.nextElement() { try read(from: &reader, named: field, depth: depth + 1) }
        default: try reader.skipValue()
        }
    }

    private mutating func note(secret: String) {
        if !secret.isEmpty, secrets.count < Self.maximumCount { secrets.append(secret) }
    }
}
