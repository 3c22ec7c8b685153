// SPDX-License-Identifier: Apache-2.0
public import JSON

/// One step of a JSON patch (RFC 6902).
public enum JSONPatchOperation: Sendable, Hashable {
    /// Adds a field, or sets it; in a list, inserts before an index or, with `-`, at the end.
    case add(JSONPointer, JSONValue)
    /// Removes what has to be there.
    case remove(JSONPointer)
    /// Replaces what has to be there.
    case replace(JSONPointer, JSONValue)
    /// Moves a value to another place.
    case move(from: JSONPointer, to: JSONPointer)
    /// Copies a value to another place.
    case copy(from: JSONPointer, to: JSONPointer)
    /// Lets the whole patch fail, with ``KubeError/Code/invalid``, unless the value is this one.
    case test(JSONPointer, JSONValue)
}

extension JSONPatchOperation: JSONEncodable {
    public func encode(to writer: inout JSONWriter) {
        switch self {
        case .add(let path, let value): Self.encode("add", path, value: value, to: &writer)
        case .remove(let path): Self.encode("remove", path, to: &writer)
        case .replace(let path, let value): Self.encode("replace", path, value: value, to: &writer)
        case .move(let source, let path): Self.encode("move", path, from: source, to: &writer)
        case .copy(let source, let path): Self.encode("copy", path, from: source, to: &writer)
        case .test(let path, let value): Self.encode("test", path, value: value, to: &writer)
        }
    }

    private static func encode(
        _ operation: String,
        _ path: JSONPointer,
        from source: JSONPointer? = nil,
        value: JSONValue? = nil,
        to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.field("op", operation)
            writer.field("from", source?.description)
            writer.field("path", path.description)
            writer.field("value", value)
        }
    }
}
