// SPDX-License-Identifier: Apache-2.0
import JSON
import OrderedCollections

extension DynamicObject {
    /// The object's metadata; what cannot be understood as such reads as empty.
    ///
    /// It is a view of the tree. Setting it changes those fields there that differ from what was read, and leaves alone
    /// whatever ``ObjectMeta`` does not know, such as `managedFields` or a new field of an owner reference.
    public var metadata: ObjectMeta {
        get {
            guard let metadata = value["metadata"] else { return ObjectMeta() }
            return (try? JSON.decode(ObjectMeta.self, from: Self.text(of: metadata))) ?? ObjectMeta()
        }
        set {
            let old = Self.tree(of: metadata)
            value["metadata"] = (value["metadata"] ?? [:]).applyingChange(from: old, to: Self.tree(of: newValue))
        }
    }

    /// The text that ``ObjectMeta`` is read from: without `managedFields`, the largest part, which it skips anyway.
    private static func text(of metadata: JSONValue) -> [UInt8] {
        guard case .object(let fields) = metadata else { return JSON.encode(metadata) }
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in fields where key != "managedFields" {
                writer.key(key)
                value.encode(to: &writer)
            }
        }
        return writer.bytes
    }

    private static func tree(of metadata: ObjectMeta) -> JSONValue {
        // What was just written is always readable.
        (try? JSON.decode(JSONValue.self, from: JSON.encode(metadata))) ?? [:]
    }
}

extension JSONValue {
    /// This tree with what changed between two views of it, and everything else as it was.
    ///
    /// A view is what some type knows of the tree, written as a tree again: `old` as it was read from this one, `new`
    /// after changes. What the type does not know is in neither, so it stays, and so does the notation of what is
    /// equal in both.
    fileprivate func applyingChange(from old: JSONValue, to new: JSONValue) -> JSONValue {
        if old == new { return self }
        switch (self, old, new) {
        case (.object(var fields), .object(let oldFields), .object(let newFields)):
            for key in oldFields.keys where newFields[key] == nil { fields[key] = nil }
            for (key, value) in newFields {
                // What the old view does not have may stand in the tree all the same, as null or the default.
                guard let before = oldFields[key] else {
                    fields[key] = value
                    continue
                }
                fields[key] = (fields[key] ?? before).applyingChange(from: before, to: value)
            }
            return .object(fields)
        case (.array(let elements), .array(let oldElements), .array(let newElements))
        where elements.count == oldElements.count:
            return .array(
                newElements.map { element in
                    guard let place = oldElements.firstIndex(where: { $0.isCounterpart(of: element) }) else {
                        return element
                    }
                    return elements[place].applyingChange(from: oldElements[place], to: element)
                }
            )
        default: return new
        }
    }

    /// Whether two elements are about the same thing: owner references name it by its uid.
    private func isCounterpart(of other: JSONValue) -> Bool {
        guard let uid = self["uid"] else { return self == other }
        return uid == other["uid"]
    }
}
