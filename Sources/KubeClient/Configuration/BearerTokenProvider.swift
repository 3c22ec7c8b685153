// SPDX-License-Identifier: Apache-2.0

/// Has a bearer token at hand, which may be replaced while a client is in use.
public protocol BearerTokenProvider: Sendable {
    /// The present token.
    ///
    /// It is called on the network's thread and must not block.
    /// - Throws: ``KubeError`` if there is none; the request then fails with it.
    func bearerToken() throws(KubeError) -> String
}
