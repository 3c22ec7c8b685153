// SPDX-License-Identifier: Apache-2.0
public import JSON

extension DiagnosticTask {
    /// That a finding follows from another one.
    public struct Explanation: Sendable, Hashable {
        /// Id of the finding that it follows from.
        public var finding: String
        /// How the object of the one depends on that of the other, at most 512 characters.
        ///
        /// The rest of a sentence: `calls Service/shop/db, which is served by Deployment/shop/db`.
        public var path: String?

        /// Creates an explanation.
        public init(finding: String, path: String? = nil) {
            self.finding = finding
            self.path = path
        }
    }
}

extension DiagnosticTask.Explanation: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(finding: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "finding": try reader.read(into: &finding)
            case "path": try reader.read(into: &path)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("finding", finding)
            writer.field("path", path)
        }
    }
}
