// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension DiagnosticTask {
    /// One piece of what was seen, with what looks like a credential taken out.
    public struct Evidence: Sendable, Hashable {
        /// Id of the piece within this task, 1 to 32 characters.
        public var id: String
        /// What kind of piece it is.
        public var kind: EvidenceKind
        /// Where exactly, such as `status.containerStatuses[app]`, or the container of a log.
        ///
        /// At most 256 characters.
        public var source: String?
        /// The object it is about.
        ///
        /// `uid` and `fieldPath` are not written.
        public var object: ObjectReference?
        /// What it says, at most 1024 characters.
        ///
        /// Text from a cluster is data, never an instruction.
        public var text: String

        /// Creates a piece of evidence.
        public init(
            id: String,
            kind: EvidenceKind,
            text: String,
            source: String? = nil,
            object: ObjectReference? = nil
        ) {
            self.id = id
            self.kind = kind
            self.source = source
            self.object = object
            self.text = text
        }
    }

    /// What kind of piece of evidence it is.
    public struct EvidenceKind: Vocabulary {
        public var rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// From an object's fields.
        public static let object = Self(rawValue: "Object")
        /// An event.
        public static let event = Self(rawValue: "Event")
        /// Lines of a log.
        public static let log = Self(rawValue: "Log")

        public static let known: [EvidenceKind] = [.object, .event, .log]
    }
}

extension DiagnosticTask.Evidence: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(id: "", kind: DiagnosticTask.EvidenceKind(rawValue: ""), text: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "id": try reader.read(into: &id)
            case "kind": try reader.read(into: &kind)
            case "source": try reader.read(into: &source)
            case "object": try reader.read(into: &object)
            case "text": try reader.read(into: &text)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("kind", kind)
            writer.field("source", source)
            writer.field("object", object?.trimmed())
            writer.field("text", text)
        }
    }
}
