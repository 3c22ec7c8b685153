// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI
public import KubeClient

/// Writes the status of objects by server-side apply (KEP-555), as one manager of fields.
///
/// What is to be written is decided for one version of the object and only written to that version. If the object has
/// changed, it is read again from the server and decided anew, so that a decision from a stale cache never overwrites a
/// newer state. A status that is as it should be costs no request.
public struct StatusWriter<Object: Resource>: Sendable {
    /// How often a write is tried while others change the object.
    public static var maximumTries: Int { 5 }

    /// The name under which the server records who set the fields.
    public let fieldManager: String
    private let client: KubernetesClient

    /// Creates a writer.
    /// - Parameters:
    ///   - client: the connection to the API server.
    ///   - fieldManager: 1 to 128 bytes of printable characters; the same one as long as the controller lives, because
    ///     fields that another name has set are somebody else's.
    public init(client: KubernetesClient, fieldManager: String) {
        self.client = client
        self.fieldManager = fieldManager
    }

    /// Brings the part of the status that this manager wants up to date.
    /// - Parameters:
    ///   - object: as the cache has it.
    ///   - takesOver: whether fields that others manage are taken from them. Only fields in `wanted` are.
    ///   - current: that part of the status as an object has it.
    ///   - wanted: that part as it should be for an object. A field that was applied before and is left out is removed.
    /// - Returns: the object as the server has it now, or as given if nothing was to be written.
    /// - Throws: `KubeError` with the code `conflict` if others manage a field and it is not taken over (see
    ///   ``/KubeClient/KubeError/fieldConflicts``), if another object has taken the name, or if the object has changed
    ///   during each of ``maximumTries`` tries; `notFound` if it is gone.
    @discardableResult
    public func apply<Part: JSONEncodable & Equatable>(
        to object: Object,
        takesOver: Bool = true,
        current: (Object) -> Part?,
        wanted: (Object) -> Part
    ) async throws(KubeError) -> Object {
        let objects = client.resources(Object.self, namespace: object.metadata.namespace)
        var latest = object
        var attempt = 1
        while true {
            let part = wanted(latest)
            if part == current(latest) { return latest }
            let body = Application(metadata: latest.metadata, status: part)
            do throws(KubeError) {
                return try await objects.patch(
                    latest.metadata.name,
                    .apply(body, fieldManager: fieldManager, force: takesOver),
                    subresource: "status"
                )
            } catch {
                let isOutdated = error.code == .conflict && error.fieldConflicts.isEmpty
                guard isOutdated, attempt < Self.maximumTries else { throw error }
                attempt += 1
                latest = try await objects.get(object.metadata.name)
                guard latest.metadata.uid == object.metadata.uid else { throw error }
            }
        }
    }

    private struct Application<Part: JSONEncodable>: JSONEncodable {
        var metadata: ObjectMeta
        var status: Part

        func encode(to writer: inout JSONWriter) {
            writer.object { writer in
                writer.field("apiVersion", Object.apiResource.apiVersion)
                writer.field("kind", Object.apiResource.kind)
                writer.field(
                    "metadata",
                    object: { writer in
                        writer.field("name", metadata.name)
                        writer.field("namespace", metadata.namespace)
                        writer.field("uid", metadata.uid)
                        writer.field("resourceVersion", metadata.resourceVersion)
                    }
                )
                writer.field("status", status)
            }
        }
    }
}
