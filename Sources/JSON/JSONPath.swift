// SPDX-License-Identifier: Apache-2.0

/// Names the field that lies at a byte offset.
enum JSONPath {
    private enum Step {
        case key(String)
        case index(Int)
    }

    /// The path, such as `items[3].metadata.name`, of the value that holds a byte; empty for the top level.
    static func path(toOffset offset: Int, in bytes: [UInt8]) -> String {
        var steps: [Step] = []
        // What cannot be read up to the offset ends the walk; the steps taken so far are the answer.
        _ = try? JSON.withReader(bytes) { (reader: inout JSONReader) throws(JSONError) in
            try descend(&reader, to: offset, steps: &steps)
        }
        return steps.reduce(into: "") { path, step in
            switch step {
            case .key(let key): path += path.isEmpty ? key : ".\(key)"
            case .index(let index): path += "[\(index)]"
            }
        }
    }

    private static func descend(
        _ reader: inout JSONReader,
        to offset: Int,
        steps: inout [Step]
    ) throws(JSONError) {
        switch try reader.peekKind() {
        case .object:
            if reader.offset >= offset { return }
            try reader.beginObject()
            while let key = try reader.nextKey() {
                steps.append(.key(key.string))
                try descend(&reader, to: offset, steps: &steps)
                if reader.offset > offset { return }
                steps.removeLast()
            }
        case .array:
            if reader.offset >= offset { return }
            try reader.beginArray()
            var index = 0
            while try reader.nextElement() {
                steps.append(.index(index))
                try descend(&reader, to: offset, steps: &steps)
                if reader.offset > offset { return }
                steps.removeLast()
                index += 1
            }
        default:
            try reader.skipValue()
        }
    }
}
