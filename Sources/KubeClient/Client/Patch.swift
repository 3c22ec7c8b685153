// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A change to a part of an object.
public struct Patch: Sendable {
    /// The media type that tells the server how to read ``body``.
    public let contentType: String
    /// The change.
    public let body: [UInt8]
    /// The name under which the server records who set the fields.
    public let fieldManager: String?
    /// Whether to take fields over from other managers.
    public let force: Bool

    private init(contentType: String, body: [UInt8], fieldManager: String?, force: Bool = false) {
        self.contentType = contentType
        self.body = body
        self.fieldManager = fieldManager
        self.force = force
    }

    /// A JSON merge patch (RFC 7386): objects are merged, lists replaced, null removes.
    public static func merge(_ change: some JSONEncodable, fieldManager: String? = nil) -> Patch {
        Patch(
            contentType: "application/merge-patch+json",
            body: JSON.encode(change),
            fieldManager: fieldManager
        )
    }

    /// A server-side apply (KEP-555): the fields in `configuration` are the ones that this manager wants.
    ///
    /// A field that the manager applied before and leaves out now is removed, unless somebody else wants it too. The
    /// object is created if it is not there.
    /// - Parameters:
    ///   - configuration: `apiVersion`, `kind`, `metadata.name` and the wanted fields.
    ///   - fieldManager: at most 128 printable characters.
    ///   - force: whether to take fields over from other managers; controllers say true.
    public static func apply(
        _ configuration: some JSONEncodable,
        fieldManager: String,
        force: Bool = true
    ) -> Patch {
        Patch(
            contentType: "application/apply-patch+yaml",
            body: JSON.encode(configuration),
            fieldManager: fieldManager,
            force: force
        )
    }
}
