// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension DiagnosticTask {
    /// Something that an analyzer found wrong.
    public struct Finding: Sendable, Hashable {
        /// Id of the finding within this task, 1 to 32 characters.
        public var id: String
        /// What is wrong, in one CamelCase word such as `ImagePullBackOff`.
        ///
        /// At most 64 characters.
        public var `class`: String
        /// The object that shows it.
        ///
        /// `uid` and `fieldPath` are not written.
        public var object: ObjectReference
        /// How bad it is.
        public var severity: Severity?
        /// What is wrong, in a sentence of at most 512 characters.
        public var message: String
        /// The workload that the object belongs to: the last controller in its chain of owners.
        ///
        /// `uid` and `fieldPath` are not written.
        public var owner: ObjectReference?
        /// The container it is about, where it is about one.
        public var container: String?
        /// How sure the analyzer is, 0 to 1.
        public var confidence: Double?
        /// Ids of the evidence it rests on.
        ///
        /// At most 10.
        public var evidence: [String]
        /// Whether it could itself be the cause, rather than only a consequence.
        public var cause: Bool
        /// Other objects that it is about, such as the ConfigMap that is missing.
        ///
        /// At most ``maximumRelated``. `uid` and `fieldPath` are not written.
        public var related: [ObjectReference] = []
        /// The findings that it follows from.
        ///
        /// At most ``maximumExplanations``.
        public var explainedBy: [Explanation] = []

        /// The most other objects that a finding names.
        public static let maximumRelated = 5
        /// The most findings that one is told to follow from.
        public static let maximumExplanations = 3

        /// Creates a finding; the confidence is put into 0…1 and rounded to hundredths.
        public init(
            id: String,
            class: String,
            object: ObjectReference,
            message: String,
            severity: Severity? = nil,
            owner: ObjectReference? = nil,
            container: String? = nil,
            confidence: Double? = nil,
            evidence: [String] = [],
            cause: Bool = false
        ) {
            self.id = id
            self.class = `class`
            self.object = object
            self.severity = severity
            self.message = message
            self.owner = owner
            self.container = container
            self.confidence = confidence.map(Confidence.rounded)
            self.evidence = evidence
            self.cause = cause
        }
    }
}

extension DiagnosticTask.Finding: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(id: "", class: "", object: ObjectReference(), message: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "id": try reader.read(into: &id)
            case "class": try reader.read(into: &`class`)
            case "object": try reader.read(into: &object)
            case "severity": try reader.read(into: &severity)
            case "message": try reader.read(into: &message)
            case "owner": try reader.read(into: &owner)
            case "container": try reader.read(into: &container)
            case "confidence": try reader.read(into: &confidence)
            case "evidence": try reader.read(into: &evidence)
            case "cause": try reader.read(into: &cause)
            case "related": try reader.read(into: &related)
            case "explainedBy": try reader.read(into: &explainedBy)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("class", `class`)
            writer.field("object", object.trimmed())
            writer.field("severity", severity)
            writer.field("message", message)
            writer.field("owner", owner?.trimmed())
            writer.field("container", container)
            writer.field("confidence", confidence)
            writer.field("evidence", evidence.nonEmpty)
            writer.field("cause", cause)
            writer.field("related", related.nonEmpty?.map { $0.trimmed() })
            writer.field("explainedBy", explainedBy.nonEmpty)
        }
    }
}
