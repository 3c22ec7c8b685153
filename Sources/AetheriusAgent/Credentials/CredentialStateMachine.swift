// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

/// Decides which token an agent shows its hub, and when it asks for another one.
///
/// Pure: it has no clock and reads nothing.
struct CredentialStateMachine: Sendable {
    /// What to do next.
    enum Step: Sendable, Hashable {
        /// Nothing before this time.
        case wait(until: Timestamp)
        /// Ask for a token of the agent's own, showing this one.
        case request(showing: String)
        /// Nothing: there is no token to show. Look again later.
        case missing
    }

    /// The token of the agent's own; nil if it has none.
    private(set) var own: HubToken?
    /// The token to register with, as it was found last.
    private var bootstrap: String?
    /// Tokens that the hub did not accept: others are shown first.
    private var rejected: Set<Int> = []
    private var renewal: Timestamp?

    init() {}

    /// The token that requests should carry; nil for none.
    var shown: String? {
        if let own, !isRejected(own.token) { return own.token }
        return bootstrap.flatMap { isRejected($0) ? nil : $0 } ?? own?.token
    }

    /// Tokens have been looked for.
    /// - Parameters:
    ///   - stored: the agent's own, as it is kept.
    ///   - bootstrap: the one to register with.
    ///   - random: from 0 (included) to 1 (excluded).
    mutating func found(_ stored: HubToken?, bootstrap: String?, random: Double) {
        self.bootstrap = bootstrap
        guard let stored, stored != own else { return }
        // What is kept may be older than what is in hand, if it could not be kept yet.
        if let own, own.expiresAt > stored.expiresAt { return }
        own = stored
        renewal = stored.renewal(random: random)
    }

    /// What to do now.
    ///
    /// A refusal changes the order only: it may have been about something that has passed.
    func next(at now: Timestamp) -> Step {
        let own = own.flatMap { now < $0.expiresAt ? $0 : nil }
        if let own, !isRejected(own.token) {
            let renewal = renewal ?? now
            return now >= renewal ? .request(showing: own.token) : .wait(until: renewal)
        }
        if let bootstrap, !isRejected(bootstrap) { return .request(showing: bootstrap) }
        guard let any = own?.token ?? bootstrap else { return .missing }
        return .request(showing: any)
    }

    /// The hub gave a token.
    mutating func received(_ token: HubToken, random: Double) {
        own = token
        renewal = token.renewal(random: random)
        rejected = []
    }

    /// The hub did not accept a token (401).
    mutating func refused(_ token: String) {
        // A handful at most: those of one process's life.
        if rejected.count > 64 { rejected = [] }
        rejected.insert(token.hashValue)
    }

    private func isRejected(_ token: String) -> Bool { rejected.contains(token.hashValue) }
}
