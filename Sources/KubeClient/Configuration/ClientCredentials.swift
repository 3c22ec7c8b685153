// SPDX-License-Identifier: Apache-2.0

/// Gives each attempt at a request a configuration whose credentials are at hand.
///
/// Files are not read here but on the network thread: they may lie on a slow disk, and no thread of Swift's pool waits
/// for one.
final class ClientCredentials: Sendable {
    private let configuration: ClientConfiguration
    private let cache: CredentialCache?

    init(_ configuration: ClientConfiguration) {
        self.configuration = configuration
        guard case .exec(let plugin) = configuration.credentials else {
            cache = nil
            return
        }
        cache = CredentialCache {
            do throws(KubeError) { return .success(try await plugin.run()) } catch { return .failure(error) }
        }
    }

    /// Makes an attempt, and one more with new credentials if the server refuses those of a plugin (401).
    ///
    /// A server authenticates before it does anything, so that nothing happens twice.
    func attempt<Answer: Sendable>(
        _ body: (ClientConfiguration) async throws(KubeError) -> Answer
    ) async throws(KubeError) -> Answer {
        guard let cache else { return try await body(configuration) }
        let first = try await cache.credential()
        do throws(KubeError) {
            return try await body(first.credential.applied(to: configuration))
        } catch {
            guard error.code == .unauthorized else { throw error }
        }
        cache.refused(first.run)
        return try await body(try await cache.credential().credential.applied(to: configuration))
    }
}
