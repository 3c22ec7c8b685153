// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension DiagnosticTask {
    /// The cause of a trouble.
    public struct RootCause: Sendable, Hashable {
        /// The kind of cause, in one CamelCase word such as `OOMKilled`.
        ///
        /// At most 64 characters.
        public var `class`: String
        /// The object it lies in, for people: `Kind/namespace/name` or `Kind/name`.
        public var object: String
        /// The same object, for programs.
        ///
        /// `fieldPath` is not written.
        public var objectRef: ObjectReference?
        /// The cause, in a sentence of at most 1024 characters.
        public var message: String?
        /// How sure, 0 to 1.
        public var confidence: Double
        /// Other objects that have to do with it.
        ///
        /// At most 10. `fieldPath` is not written.
        public var related: [ObjectReference]
        /// Ids of the evidence it rests on.
        ///
        /// At most 30.
        public var evidence: [String]

        /// Creates a cause that lies in an object; the confidence is put into 0…1 and rounded to hundredths.
        public init(
            class: String,
            objectRef: ObjectReference,
            confidence: Double,
            message: String? = nil,
            related: [ObjectReference] = [],
            evidence: [String] = []
        ) {
            self.class = `class`
            self.object = objectRef.description
            self.objectRef = objectRef
            self.message = message
            self.confidence = Confidence.rounded(confidence)
            self.related = related
            self.evidence = evidence
        }
    }

    /// A possible cause of a trouble.
    public struct Candidate: Sendable, Hashable {
        /// The kind of cause, in one CamelCase word.
        ///
        /// At most 64 characters.
        public var `class`: String
        /// The object it lies in, for people: `Kind/namespace/name` or `Kind/name`.
        public var object: String
        /// The same object, for programs.
        ///
        /// `fieldPath` is not written.
        public var objectRef: ObjectReference?
        /// The possible cause, in a sentence of at most 512 characters.
        public var message: String?
        /// How sure, 0 to 1.
        public var confidence: Double
        /// What it would explain: ids of findings, or objects as `Kind/namespace/name`.
        ///
        /// At most 50.
        public var explains: [String]
        /// How it follows from another candidate, at most 1024 characters; nil if it follows from none.
        public var follows: String?
        /// Why it stands before the next candidate, at most 512 characters; nil for the last.
        public var precedence: String?

        /// Creates a possible cause in an object; the confidence is put into 0…1 and rounded to hundredths.
        public init(
            class: String,
            objectRef: ObjectReference,
            confidence: Double,
            message: String? = nil,
            explains: [String] = []
        ) {
            self.class = `class`
            self.object = objectRef.description
            self.objectRef = objectRef
            self.message = message
            self.confidence = Confidence.rounded(confidence)
            self.explains = explains
        }
    }
}

extension DiagnosticTask.RootCause: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(class: "", objectRef: ObjectReference(), confidence: 0)
        object = ""
        objectRef = nil
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "class": try reader.read(into: &`class`)
            case "object": try reader.read(into: &object)
            case "objectRef": try reader.read(into: &objectRef)
            case "message": try reader.read(into: &message)
            case "confidence": try reader.read(into: &confidence)
            case "related": try reader.read(into: &related)
            case "evidence": try reader.read(into: &evidence)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("class", `class`)
            writer.field("object", object)
            writer.field("objectRef", objectRef?.trimmed(keepingUID: true))
            writer.field("message", message)
            writer.field("confidence", confidence)
            writer.field("related", related.nonEmpty?.map { $0.trimmed(keepingUID: true) })
            writer.field("evidence", evidence.nonEmpty)
        }
    }
}

extension DiagnosticTask.Candidate: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(class: "", objectRef: ObjectReference(), confidence: 0)
        object = ""
        objectRef = nil
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "class": try reader.read(into: &`class`)
            case "object": try reader.read(into: &object)
            case "objectRef": try reader.read(into: &objectRef)
            case "message": try reader.read(into: &message)
            case "confidence": try reader.read(into: &confidence)
            case "explains": try reader.read(into: &explains)
            case "follows": try reader.read(into: &follows)
            case "precedence": try reader.read(into: &precedence)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("class", `class`)
            writer.field("object", object)
            writer.field("objectRef", objectRef?.trimmed(keepingUID: true))
            writer.field("message", message)
            writer.field("confidence", confidence)
            writer.field("explains", explains.nonEmpty)
            writer.field("follows", follows)
            writer.field("precedence", precedence)
        }
    }
}
