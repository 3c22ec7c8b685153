// SPDX-License-Identifier: Apache-2.0
import KubeClient
import KubeRuntime
import Synchronization

/// The present connection to the observed cluster, which may be replaced while the agent runs.
final class TargetHolder: Sendable {
    private struct State {
        var current: TargetObservation?
        var nextID = 0
        var followers: [Int: AsyncStream<TargetObservation>.Continuation] = [:]
    }

    private let state = Mutex(State())

    /// The observation under way; nil while there is none.
    var current: TargetObservation? { state.withLock { $0.current } }

    /// Puts another observation in the place of the present one.
    func replace(with observation: TargetObservation?) {
        state.withLock { state in
            state.current = observation
            guard let observation else { return }
            for follower in state.followers.values { follower.yield(observation) }
        }
    }

    /// The observation under way, if there is one, and those that take its place.
    func observations() -> AsyncStream<TargetObservation> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: TargetObservation.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let id = state.withLock { state in
            if let current = state.current { continuation.yield(current) }
            state.nextID += 1
            state.followers[state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.followers.removeValue(forKey: id) }
        }
        return stream
    }

    /// The present connection.
    /// - Throws: ``/KubeClient/KubeError`` if there is none.
    func client() throws(KubeError) -> KubernetesClient {
        guard let observation = current else {
            throw KubeError(code: .unavailable, message: "there is no connection to the observed cluster yet")
        }
        return observation.client
    }
}
