// SPDX-License-Identifier: Apache-2.0
import KubeAPI
public import KubeClient
import Synchronization

/// A token of the agent's account at the hub, with its life.
struct HubToken: Sendable, Hashable {
    var token: String
    var issuedAt: Timestamp
    var expiresAt: Timestamp

    /// The time from the token's issue to its end.
    var lifetime: Duration { expiresAt.since(issuedAt) }

    /// When it is to be renewed: at 80 % of its life, or a little later so that agents do not renew in step.
    /// - Parameter random: from 0 (included) to 1 (excluded).
    func renewal(random: Double) -> Timestamp { issuedAt.advanced(by: lifetime * (0.8 + 0.1 * random)) }
}

// Whoever prints one must not print the token.
extension HubToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "token until \(expiresAt)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// The token that an agent's requests to the hub carry at the moment.
public final class HubTokenBox: BearerTokenProvider {
    private let state = Mutex<String?>(nil)

    /// Creates a box without a token.
    public init() {}

    public func bearerToken() throws(KubeError) -> String {
        guard let token = state.withLock({ $0 }) else {
            throw KubeError(
                code: .unauthorized,
                message: "the agent has no token for the hub yet: neither one of its own nor one to register with"
            )
        }
        return token
    }

    func set(_ token: String) { state.withLock { $0 = token } }

    var current: String? { state.withLock { $0 } }
}
