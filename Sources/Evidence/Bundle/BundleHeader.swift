// SPDX-License-Identifier: Apache-2.0
import JSON

/// What a JSON text says about its own kind.
struct BundleHeader: JSONDecodable {
    private(set) var apiVersion = ""
    private(set) var kind = ""
    private(set) var isList = false
    private(set) var isCutOff = false

    /// Looks at the text's own keys; what is beneath them is skipped.
    init(from reader: inout JSONReader) throws(JSONError) {
        guard try reader.peekKind() == .object else {
            try reader.skipValue()
            return
        }
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "apiVersion": try reader.read(into: &apiVersion)
            case "kind": try reader.read(into: &kind)
            case "items":
                isList = true
                try reader.skipValue()
            case "metadata":
                var metadata = ListMark()
                try reader.read(into: &metadata)
                isCutOff = metadata.isCutOff
            default: try reader.skipValue()
            }
        }
    }

    /// The group of the apiVersion; empty for the core group.
    var group: String {
        let parts = apiVersion.split(separator: "/")
        return parts.count > 1 ? String(parts[0]) : ""
    }
}

/// Whether a list says that it goes on elsewhere.
private struct ListMark: JSONDecodable {
    var isCutOff = false

    init() {}

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "continue": isCutOff = try JSONValue(from: &reader).stringValue.map { !$0.isEmpty } ?? false
            default: try reader.skipValue()
            }
        }
    }
}
