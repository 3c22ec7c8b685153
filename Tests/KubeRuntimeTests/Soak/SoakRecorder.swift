// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime
import Synchronization

/// A handler that checks what it hears.
final class SoakRecorder: Sendable {
    private struct State {
        var history = HistoryChecker()
        /// What it has to know in the end.
        var goal: [ObjectKey: SoakMap]?

        var hasArrived: Bool { goal == history.present }
    }

    let name: String
    private let delay: Duration
    private let state = Mutex(State())
    private let arrival = Gate()

    init(_ name: String, delay: Duration = .zero) {
        self.name = name
        self.delay = delay
    }

    var history: HistoryChecker { state.withLock(\.history) }

    /// Takes its time, and notes the event.
    func handle(_ event: InformerEvent<SoakMap>) async {
        if delay > .zero { try? await Task.sleep(for: delay) }
        let hasArrived = state.withLock { state in
            state.history.record(event)
            return state.hasArrived
        }
        if hasArrived { arrival.open() }
    }

    /// Waits until it knows just these objects.
    func wait(toKnow objects: [SoakMap]) async {
        let hasArrived = state.withLock { state in
            state.goal = SoakFollower.byKey(objects)
            return state.hasArrived
        }
        if hasArrived { arrival.open() }
        await arrival.pass()
    }
}
