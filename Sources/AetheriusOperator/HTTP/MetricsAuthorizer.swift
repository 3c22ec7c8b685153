// SPDX-License-Identifier: Apache-2.0
import AetheriusAgent
import KubeClient
import KubeRuntime
import Observability
import Synchronization

/// Lets those see the metrics who may get the non-resource URL `/metrics`, as the API server decides.
///
/// A decision is kept for a short time, so that scrapes do not load the API server: a yes for a minute, a no for ten
/// seconds. Tokens themselves are not kept, only their hashes.
final class MetricsAuthorizer: Sendable {
    /// The longest token that is passed on; longer ones are nobody's.
    static let maximumTokenBytes = 16 << 10

    private struct Decision {
        var access: MetricsAccess
        var until: AnyClock.Instant
    }

    private struct Decisions {
        var known: [String: Decision] = [:]
        /// The keys in the order in which they came.
        var order: [String] = []
    }

    private let client: KubernetesClient
    private let clock: AnyClock
    /// The most decisions that are kept; then the oldest goes.
    private let maximumDecisions: Int
    private let decisions = Mutex(Decisions())

    init(client: KubernetesClient, clock: AnyClock = .continuous, maximumDecisions: Int = 256) {
        self.client = client
        self.clock = clock
        self.maximumDecisions = maximumDecisions
    }

    /// Decides on a client.
    /// - Parameter token: what it has sent; nil if nothing.
    func decide(_ token: String?) async -> MetricsAccess {
        guard let token, token.utf8.count <= Self.maximumTokenBytes else { return .unauthenticated }
        let key = Hash.sha256(Array(token.utf8))
        if let known = decisions.withLock({ $0.known[key] }), known.until > clock.now { return known.access }
        let access: MetricsAccess
        do throws(KubeError) {
            access = try await ask(token)
        } catch {
            // The error could tell whose token it was; which code it has is enough.
            return .undecided(reason: "\(error.code)")
        }
        keep(access, key)
        return access
    }

    private func ask(_ token: String) async throws(KubeError) -> MetricsAccess {
        let review = try await client.tokenReview(token)
        guard review.isAuthenticated else { return .unauthenticated }
        let access = try await client.subjectAccessReview(.path("/metrics", verb: "get"), for: review.user)
        return access.isAllowed && !access.isDenied ? .allowed : .forbidden
    }

    private func keep(_ access: MetricsAccess, _ key: String) {
        let time: Duration = access == .allowed ? .seconds(60) : .seconds(10)
        let decision = Decision(access: access, until: clock.now.advanced(by: time))
        decisions.withLock { decisions in
            if decisions.known.updateValue(decision, forKey: key) == nil { decisions.order.append(key) }
            guard decisions.order.count > maximumDecisions else { return }
            decisions.known[decisions.order.removeFirst()] = nil
        }
    }
}
