// SPDX-License-Identifier: Apache-2.0
import JSON

/// The fields of an answer by their paths, with causes, references and the like told once, wherever they stand.
struct FieldPaths: JSONDecodable {
    /// What kind of thing is under a field, by the name of the field.
    private static let places = [
        "rootCause": "cause", "candidates": "cause", "subject": "object", "owner": "object", "objects": "object",
        "explains": "object", "object": "object", "recommendations": "recommendation", "findings": "finding",
        "evidence": "evidence", "related": "object",
        "explainedBy": "explanation", "hygiene": "remark", "unreadable": "unreadable",
    ]

    private(set) var paths: Set<String> = []

    init(from reader: inout JSONReader) throws(JSONError) { try collect(from: &reader, under: "") }

    private mutating func collect(from reader: inout JSONReader, under path: String) throws(JSONError) {
        switch try reader.peekKind() {
        case .array:
            try reader.beginArray()
            while try reader.nextElement() { try collect(from: &reader, under: path) }
        case .object:
            try reader.beginObject()
            while let key = try reader.nextKey() {
                let name = key.string
                paths.insert(path.isEmpty ? name : "\(path).\(name)")
                try collect(from: &reader, under: Self.places[name] ?? name)
            }
        default: try reader.skipValue()
        }
    }
}
