// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI

/// What a bundle says of its own making, in the file `collection.json`.
///
/// With it a bundle gives the answer of the cluster it was made from: its clock stands at the moment of the making, and
/// what could not be read is not taken to be missing.
struct Collection: Sendable {
    static let kind = "Collection"
    static let apiVersion = "aetherius.io/v1alpha1"
    static let path = "collection.json"
    /// The most gaps that are told.
    static let maximumGaps = 1000

    /// When it was made.
    var collectedAt: Timestamp?
    /// The version of the API server.
    var serverVersion: String?
    /// What could not be read, by kind; that of logs has none.
    var gaps: [Gap] = []
    /// Whether something was left out to stay within bounds.
    var isTruncated = false

    struct Gap: Sendable {
        var kind = ""
        var what = ""
        var reason = ""
        var message = ""

        var unreadable: Unreadable { Unreadable(what: what, reason: reason, message: message) }
    }
}

extension Collection.Gap {
    init(kind: String, _ unreadable: Unreadable) {
        self.init(kind: kind, what: unreadable.what, reason: unreadable.reason, message: unreadable.message)
    }
}

extension Collection: JSONDecodable, JSONEncodable {
    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "collectedAt": try reader.read(into: &collectedAt)
            case "serverVersion": try reader.read(into: &serverVersion)
            case "gaps": try reader.read(into: &gaps)
            case "truncated": try reader.read(into: &isTruncated)
            default: try reader.skipValue()
            }
        }
        gaps = Array(gaps.prefix(Self.maximumGaps))
    }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiVersion)
            writer.field("kind", Self.kind)
            writer.field("collectedAt", collectedAt)
            writer.field("serverVersion", serverVersion)
            writer.field("gaps", gaps)
            writer.field("truncated", isTruncated)
        }
    }
}

extension Collection.Gap: JSONDecodable, JSONEncodable {
    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "kind": try reader.read(into: &kind)
            case "what": try reader.read(into: &what)
            case "reason": try reader.read(into: &reason)
            case "message": try reader.read(into: &message)
            default: try reader.skipValue()
            }
        }
    }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("kind", kind)
            writer.field("what", what)
            writer.field("reason", reason)
            writer.field("message", message)
        }
    }
}
