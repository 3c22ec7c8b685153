// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

extension ResourceClient {
    /// Reads how many replicas an object wants and has, whatever its kind (subresource `scale`).
    /// - Throws: ``KubeError`` with ``KubeError/Code/notFound`` if there is no such object, or its kind cannot be scaled.
    public func scale(_ name: String) async throws(KubeError) -> Scale {
        try await client.send(try request(.get, name: name, subresource: "scale"))
    }

    /// Sets how many replicas an object wants.
    ///
    /// If the scale carries a resourceVersion, only at that version of the object.
    public func updateScale(
        _ scale: Scale,
        fieldManager: String? = nil,
        _ options: WriteOptions = WriteOptions()
    ) async throws(KubeError) -> Scale {
        var request = try request(.put, name: scale.metadata.name, subresource: "scale")
        request.add("fieldManager", fieldManager)
        request.add(options)
        request.setBody(scale)
        return try await client.send(request)
    }

    /// Changes a part of an object's scale, such as `spec.replicas`, whatever its version is now.
    public func patchScale(
        _ name: String,
        _ patch: Patch,
        _ options: WriteOptions = WriteOptions()
    ) async throws(KubeError) -> Scale {
        try await client.send(try patchRequest(name, patch, subresource: "scale", options))
    }
}
