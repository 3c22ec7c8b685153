// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension DiagnosticTask {
    /// An alert, as its sender gave it.
    ///
    /// Filled in by the webhooks; may be written by hand.
    public struct Alert: Sendable, Hashable {
        /// Name of the alert, 1 to 253 characters.
        public var name: String
        /// The sender's id for this alert and these labels, at most 128 characters.
        public var fingerprint: String?
        /// At most 64 labels, each value up to 1024 characters.
        public var labels: [String: String] = [:]
        /// At most 32 annotations such as the alert's summary, each value up to 2048 characters.
        public var annotations: [String: String] = [:]
        /// When the alert began to fire.
        public var startsAt: Timestamp?
        /// Who sent it: `alertmanager`, or the name in the path of the custom webhook.
        ///
        /// At most 63 characters.
        public var source: String?

        /// Creates an alert.
        public init(name: String) { self.name = name }
    }
}

extension DiagnosticTask.Alert: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(name: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "fingerprint": try reader.read(into: &fingerprint)
            case "labels": try reader.read(into: &labels)
            case "annotations": try reader.read(into: &annotations)
            case "startsAt": try reader.read(into: &startsAt)
            case "source": try reader.read(into: &source)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("fingerprint", fingerprint)
            writer.field("labels", labels.nonEmpty)
            writer.field("annotations", annotations.nonEmpty)
            writer.field("startsAt", startsAt)
            writer.field("source", source)
        }
    }
}
