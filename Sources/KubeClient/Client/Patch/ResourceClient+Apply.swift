// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension ResourceClient {
    /// Creates an object, or brings it in line with what is wanted, by server-side apply (KEP-555).
    ///
    /// Everything that `object` writes of itself is wanted, so it is made anew, not read and changed. What other managers
    /// have set and this one does not name stays. Applying what is already so changes nothing on the server.
    /// - Parameters:
    ///   - object: its name and the wanted fields.
    ///   - fieldManager: 1 to 128 printable characters; always the same ones for the same controller.
    ///   - force: whether to take fields over from other managers; controllers say true.
    /// - Returns: the whole object as the server has it now.
    /// - Throws: ``KubeError`` as ``patch(_:_:subresource:_:)`` with ``Patch/apply(_:fieldManager:force:)``; with
    ///   ``KubeError/Code/badRequest``, before anything is sent, for an `ObservedResource`.
    @discardableResult
    public func apply(_ object: Object, fieldManager: String, force: Bool = true) async throws(KubeError) -> Object {
        try checkIsWritable()
        return try await patch(object.metadata.name, .apply(object, fieldManager: fieldManager, force: force))
    }
}
