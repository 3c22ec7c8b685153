// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

/// One line of a watch.
public enum WatchEvent<Object: KubernetesObject>: Sendable {
    /// The object is new, or was there when the watch began.
    case added(Object)
    /// The object has changed.
    case modified(Object)
    /// The object is gone; this is its last state, with the resourceVersion of the deletion.
    case deleted(Object)
    /// Nothing happened up to this version.
    case bookmark(Bookmark)
    /// The server ends the watch for this reason.
    case error(Status)

    /// How far a watch has come.
    public struct Bookmark: Sendable, Hashable {
        /// The version from which a new watch may continue.
        public var resourceVersion: String
        /// Whether the initial objects of a streaming list are complete with this
        /// (annotation `k8s.io/initial-events-end` with the value `true`).
        public var endsInitialEvents: Bool

        /// Creates a bookmark.
        public init(resourceVersion: String, endsInitialEvents: Bool = false) {
            self.resourceVersion = resourceVersion
            self.endsInitialEvents = endsInitialEvents
        }
    }
}

extension WatchEvent: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        var type = ""
        var event: WatchEvent?
        // Every server writes the type first. Should one not, the object has to wait for it as bytes.
        var pending: (bytes: [UInt8], offset: Int)?
        let start = reader.offset
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "type": type = try reader.readString()
            case "object" where type.isEmpty:
                _ = try reader.peekKind()
                let offset = reader.offset
                pending = (try reader.readRaw(), offset)
            case "object": event = try Self.read(type: type, from: &reader)
            default: try reader.skipValue()
            }
        }
        if event == nil, let pending {
            do {
                event = try JSON.withReader(pending.bytes) { (reader: inout JSONReader) throws(JSONError) in
                    try Self.read(type: type, from: &reader)
                }
            } catch {
                // Where it is wrong counts from the start of the line, not of the object.
                throw JSONError(code: error.code, message: error.message, offset: error.offset + pending.offset)
            }
        }
        guard let event else {
            throw JSONError(code: .invalidValue, message: "a watch event without an object", offset: start)
        }
        self = event
    }

    private static func read(type: String, from reader: inout JSONReader) throws(JSONError) -> WatchEvent {
        switch type {
        case "ADDED": return .added(try Object(from: &reader))
        case "MODIFIED": return .modified(try Object(from: &reader))
        case "DELETED": return .deleted(try Object(from: &reader))
        case "ERROR": return .error(try Status(from: &reader))
        case "BOOKMARK":
            let metadata = try BookmarkObject(from: &reader).metadata
            return .bookmark(
                Bookmark(
                    resourceVersion: metadata.resourceVersion ?? "",
                    endsInitialEvents: metadata.annotations["k8s.io/initial-events-end"] == "true"
                )
            )
        default:
            throw JSONError(
                code: .invalidValue,
                message: "'\(type)' is not a type of watch event",
                offset: reader.offset
            )
        }
    }
}

/// The part of a bookmark's object that counts.
private struct BookmarkObject: JSONDecodable {
    var metadata = ObjectMeta()

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            default: try reader.skipValue()
            }
        }
    }
}
