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

    static let applyContentType = "application/apply-patch+yaml"

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

    /// A JSON patch (RFC 6902): steps that are done all or not at all.
    ///
    /// A failed `test` step, or a place that is not there, gives ``KubeError/Code/invalid``.
    public static func json(_ operations: [JSONPatchOperation], fieldManager: String? = nil) -> Patch {
        Patch(
            contentType: "application/json-patch+json",
            body: JSON.encode(operations),
            fieldManager: fieldManager
        )
    }

    /// A strategic merge patch: as a merge patch, but lists are merged by the key that the API declares for them.
    ///
    /// Only for kinds that are built into the server; custom resources give
    /// ``KubeError/Code/unsupportedMediaType``.
    public static func strategicMerge(_ change: some JSONEncodable, fieldManager: String? = nil) -> Patch {
        Patch(
            contentType: "application/strategic-merge-patch+json",
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
    ///     `metadata.managedFields` must not be in it.
    ///   - fieldManager: 1 to 128 printable characters.
    ///   - force: whether to take fields over from other managers; controllers say true.
    public static func apply(
        _ configuration: some JSONEncodable,
        fieldManager: String,
        force: Bool = true
    ) -> Patch {
        Patch(
            contentType: applyContentType,
            body: JSON.encode(configuration),
            fieldManager: fieldManager,
            force: force
        )
    }
}
