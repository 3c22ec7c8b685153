// SPDX-License-Identifier: Apache-2.0
import JSON

/// Names the fields of an object that somebody reads.
///
/// ```swift
/// enum PodPlacement: FieldSelection {
///     static let fields = FieldSet(["spec.nodeName", "status.phase", "status.containerStatuses.restartCount"])
/// }
/// let pods = client.resources(ProjectedObject<PodPlacement>.self, of: Pod.apiResource)
/// ```
public protocol FieldSelection: Sendable {
    /// The fields; `metadata` is always read.
    static var fields: FieldSet { get }
}

/// A set of fields, as a tree.
public struct FieldSet: Sendable {
    /// The fields below this one; none if all of it is wanted.
    private var children: [String: FieldSet] = [:]

    /// Creates a set.
    /// - Parameter paths: the fields, the names along the way separated by dots. A path leads through the elements of an
    ///   array without naming them. What lies below a path belongs to it.
    public init(_ paths: [String]) {
        for path in paths { insert(path.split(separator: ".").map(String.init)[...]) }
    }

    private mutating func insert(_ path: ArraySlice<String>) {
        guard let name = path.first else {
            children = [:]
            return
        }
        let isNew = children[name] == nil
        // Something that is wanted as a whole stays so.
        if !isNew, children[name]?.children.isEmpty == true { return }
        children[name, default: FieldSet([])].insert(path.dropFirst())
    }

    /// Reads the next value and keeps only the fields of this set, without a copy of anything else.
    func read(from reader: inout JSONReader) throws(JSONError) -> JSONValue {
        if children.isEmpty { return try JSONValue(from: &reader) }
        switch try reader.peekKind() {
        case .object:
            var value: JSONValue = [:]
            try reader.beginObject()
            while let key = try reader.nextKey() {
                try readField(key.string, from: &reader, into: &value)
            }
            return value
        case .array:
            var elements: [JSONValue] = []
            try reader.beginArray()
            while try reader.nextElement() { elements.append(try read(from: &reader)) }
            return .array(elements)
        default: return try JSONValue(from: &reader)
        }
    }

    /// Reads the value of a field into the object it belongs to, or skips it.
    func readField(_ name: String, from reader: inout JSONReader, into value: inout JSONValue) throws(JSONError) {
        guard let field = children[name] else { return try reader.skipValue() }
        value[name] = try field.read(from: &reader)
    }
}
