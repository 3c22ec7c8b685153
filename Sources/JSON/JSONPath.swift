// SPDX-License-Identifier: Apache-2.0

/// Names the field that lies at a byte offset.
enum JSONPath {
    private enum Step {
        case key(String)
        case index(Int)
    }

    /// The path, such as `items[3].metadata.name`, of the value that holds a byte; empty for the top level.
    ///
    /// It is cut after 32 steps, and each key of more than 128 bytes after 32 characters.
    static func path(toOffset offset: Int, in bytes: [UInt8]) -> String {
        var steps: [Step] = []
        // What cannot be read up to the offset ends the walk; the steps taken so far are the answer.
        _ = try? JSON.withReader(bytes) { (reader: inout JSONReader) throws(JSONError) in
            _ = try descend(&reader, to: offset, steps: &steps)
        }
        return steps.prefix(maximumSteps).reduce(into: "") { path, step in
            switch step {
            case .key(let key): path += path.isEmpty ? short(key) : ".\(short(key))"
            case .index(let index): path += "[\(index)]"
            }
        } + (steps.count > maximumSteps ? "…" : "")
    }

    /// Messages end in logs and in objects: what is named there by a text from outside has to stay short.
    private static let maximumSteps = 32
    private static let maximumKeyLength = 128

    private static func short(_ key: String) -> String {
        key.utf8.count <= maximumKeyLength ? key : "\(String(key.unicodeScalars.prefix(maximumKeyLength / 4)))…"
    }

    /// Follows one value.
    /// - Returns: whether the offset lies in it; the steps then lead there.
    private static func descend(
        _ reader: inout JSONReader,
        to offset: Int,
        steps: inout [Step]
    ) throws(JSONError) -> Bool {
        let kind = try reader.peekKind()
        if reader.offset >= offset { return true }
        switch kind {
        case .object:
            try reader.beginObject()
            while let key = try reader.nextKey() {
                steps.append(.key(key.string))
                if try descend(&reader, to: offset, steps: &steps) { return true }
                steps.removeLast()
            }
        case .array:
            try reader.beginArray()
            var index = 0
            while try reader.nextElement() {
                steps.append(.index(index))
                if try descend(&reader, to: offset, steps: &steps) { return true }
                steps.removeLast()
                index += 1
            }
        default:
            try reader.skipValue()
        }
        return reader.offset > offset
    }
}
