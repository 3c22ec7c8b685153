// SPDX-License-Identifier: Apache-2.0
public import JSON

/// An object of any kind, kept whole as a JSON tree.
///
/// For kinds that have no Swift type here, and for objects that have to be written back with everything that is in
/// them: fields that nobody here knows, the order of keys, the notation of numbers.
public struct DynamicObject: KubernetesObject, Hashable {
    /// The whole object.
    public var value: JSONValue

    /// Wraps a tree.
    public init(_ value: JSONValue) { self.value = value }

    /// The object's kind; empty if it does not say.
    public var kind: String { value["kind"]?.stringValue ?? "" }

    /// The object's group and version; empty if it does not say.
    public var apiVersion: String { value["apiVersion"]?.stringValue ?? "" }

    public init(from reader: inout JSONReader) throws(JSONError) { value = try JSONValue(from: &reader) }

    public func encode(to writer: inout JSONWriter) { value.encode(to: &writer) }
}
