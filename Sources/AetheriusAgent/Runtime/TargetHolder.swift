// SPDX-License-Identifier: Apache-2.0
import KubeClient
import Synchronization

/// The present connection to the observed cluster, which may be replaced while the agent runs.
final class TargetHolder: Sendable {
    private let state = Mutex<TargetObservation?>(nil)

    /// The observation under way; nil while there is none.
    var current: TargetObservation? { state.withLock { $0 } }

    /// Puts another observation in the place of the present one.
    func replace(with observation: TargetObservation?) { state.withLock { $0 = observation } }
}
