// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

/// The body of a server-side apply that sets some fields of an object's status.
///
/// It names the version of the object for which the fields were decided. Without that, a decision from a stale cache
/// could put a finished object back to its start; with it, the server answers with a conflict.
public struct StatusApplication<Object: Resource>: JSONEncodable {
    private let metadata: ObjectMeta
    private let fields: (inout JSONWriter) -> Void

    /// Creates a body.
    /// - Parameters:
    ///   - metadata: the object's, with the resourceVersion of the version that was looked at.
    ///   - fields: writes every field of the status that the manager wants; those that it leaves out and has set
    ///     before are removed.
    public init(to metadata: ObjectMeta, fields: @escaping (inout JSONWriter) -> Void) {
        self.metadata = metadata
        self.fields = fields
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Object.apiResource.apiVersion)
            writer.field("kind", Object.apiResource.kind)
            writer.field(
                "metadata",
                object: { writer in
                    writer.field("name", metadata.name)
                    writer.field("namespace", metadata.namespace)
                    writer.field("resourceVersion", metadata.resourceVersion)
                }
            )
            writer.field("status", object: fields)
        }
    }
}
