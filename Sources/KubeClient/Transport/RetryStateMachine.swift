// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Decides for one request what happens after a failure.
///
/// It sends nothing and has no clock.
struct RetryStateMachine: Sendable {
    enum Action: Sendable {
        /// Send the request again after the delay.
        case retry(after: Duration)
        case fail(KubeError)
    }

    private let policy: RetryPolicy
    private let method: Request.Method
    /// The time that all tries together may take; nil for no limit.
    private let timeout: Duration?
    private var retries = 0
    private var connectionRetries = 0

    init(policy: RetryPolicy, method: Request.Method, timeout: Duration?) {
        self.policy = policy
        self.method = method
        self.timeout = timeout
    }

    /// The time that is left for one more try.
    func remainingTime(elapsed: Duration) -> Duration? {
        timeout.map { max(.milliseconds(1), $0 - elapsed) }
    }

    /// A try has failed.
    /// - Parameters:
    ///   - elapsed: the time since the first try began.
    ///   - random: from 0 to 1, for the jitter.
    mutating func failed(_ error: KubeError, elapsed: Duration, random: Double) -> Action {
        let delay: Duration
        if let wait = error.retryAfter, isPutOff(error) {
            guard retries < policy.maximumRetries, wait <= policy.maximumWait else { return .fail(described(error)) }
            // Never before the time that the server named, and not all clients at the same moment after it.
            let base = max(wait, policy.initialDelay * pow2(retries))
            delay = min(base + base * (0.25 * random), policy.maximumWait + policy.initialDelay)
            retries += 1
        } else if error.isConnectionLost, method == .get {
            guard connectionRetries < policy.maximumConnectionRetries else { return .fail(described(error)) }
            let base = min(policy.initialDelay * pow2(connectionRetries), policy.maximumWait)
            delay = base + base * random
            connectionRetries += 1
        } else {
            return .fail(described(error))
        }
        if let timeout, elapsed + delay >= timeout {
            // This try is not made.
            return .fail(described(error))
        }
        return .retry(after: delay)
    }

    private func isPutOff(_ error: KubeError) -> Bool {
        switch error.status?.code ?? 0 {
        case 429, 503: true
        case 500...599: method == .get
        default: false
        }
    }

    private func described(_ error: KubeError) -> KubeError {
        let tries = retries + connectionRetries + 1
        guard tries > 1 else { return error }
        var error = error
        error.message += " (try \(tries))"
        return error
    }

    private func pow2(_ exponent: Int) -> Int { 1 << min(exponent, 16) }
}
