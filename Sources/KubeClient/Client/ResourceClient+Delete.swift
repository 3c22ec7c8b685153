// SPDX-License-Identifier: Apache-2.0
public import JSON
import KubeAPI

extension ResourceClient {
    /// Deletes an object.
    ///
    /// Returns when the server has accepted that, which may be before the object is gone.
    /// - Throws: ``KubeError`` with ``KubeError/Code/conflict`` if the object is not the one that the options' uid or
    ///   resourceVersion ask for.
    public func delete(_ name: String, _ options: DeleteOptions = DeleteOptions()) async throws(KubeError) {
        var request = try request(.delete, name: name)
        request.setBody(options)
        _ = try await client.send(request) as Discarded
    }

    /// Deletes all objects that the selection fits, in the client's namespace.
    ///
    /// The server does so one by one and not as a whole: a failure may leave some. Without a selector it means every
    /// object of the kind in the namespace, and a client without a namespace is refused before anything is sent if the
    /// kind has namespaces, as servers do.
    /// - Parameters:
    ///   - selection: the selectors; a limit bounds how many are deleted.
    ///   - options: as for a single object; preconditions do not fit here.
    public func deleteCollection(
        _ selection: ListOptions,
        _ options: DeleteOptions = DeleteOptions()
    ) async throws(KubeError) {
        guard !resource.isNamespaced || namespace != nil else {
            throw KubeError(code: .badRequest, message: "\(resource.plural) are deleted in one namespace: name it")
        }
        guard options.uid == nil, options.resourceVersion == nil else {
            throw KubeError(code: .badRequest, message: "a uid or resourceVersion fits one object, not a collection")
        }
        var request = try request(.delete)
        request.add(selection)
        request.setBody(options)
        _ = try await client.send(request) as Discarded
    }
}

/// An answer that nobody reads.
struct Discarded: JSONDecodable {
    init(from reader: inout JSONReader) throws(JSONError) { try reader.skipValue() }
}

extension DeleteOptions: JSONEncodable {
    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", "v1")
            writer.field("kind", "DeleteOptions")
            encodeFields(to: &writer)
        }
    }

    func encodeFields(to writer: inout JSONWriter) {
        writer.field("propagationPolicy", propagation?.rawValue)
        writer.field("gracePeriodSeconds", gracePeriodSeconds)
        writer.field("dryRun", dryRun ? ["All"] : nil)
        guard uid != nil || resourceVersion != nil else { return }
        writer.field(
            "preconditions",
            object: { writer in
                writer.field("uid", uid)
                writer.field("resourceVersion", resourceVersion)
            }
        )
    }
}
