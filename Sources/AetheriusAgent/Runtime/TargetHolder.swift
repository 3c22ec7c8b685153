// SPDX-License-Identifier: Apache-2.0
import KubeClient
import KubeRuntime
import Synchronization

/// The present connection to the observed cluster, which may be replaced while the agent runs.
final class TargetHolder: Sendable {
    private let state = Mutex<TargetObservation?>(nil)
    private let connected = Latch()

    /// The observation under way; nil while there is none.
    var current: TargetObservation? { state.withLock { $0 } }

    /// Puts another observation in the place of the present one.
    func replace(with observation: TargetObservation?) {
        state.withLock { $0 = observation }
        if observation != nil { connected.open() }
    }

    /// Waits until there has been a connection.
    func waitForConnection() async throws(CancellationError) { try await connected.wait() }

    /// The present connection.
    /// - Throws: ``/KubeClient/KubeError`` if there is none.
    func client() throws(KubeError) -> KubernetesClient {
        guard let observation = current else {
            throw KubeError(code: .unavailable, message: "there is no connection to the observed cluster yet")
        }
        return observation.client
    }
}
