// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Synchronization

/// Takes what a recorder writes.
final class ScriptedSink: EventSink {
    enum Write: Sendable {
        case create(Event)
        case patch(name: String, namespace: String, body: [UInt8])
    }

    private struct State {
        var failures: [KubeError.Code] = []
        var standingFailure: KubeError.Code?
        var hangsOnce = false
    }

    private let state = Mutex(State())
    let writes = Journal<Write>()

    func fail(_ code: KubeError.Code) { state.withLock { $0.failures.append(code) } }
    func failAlways(_ code: KubeError.Code?) { state.withLock { $0.standingFailure = code } }

    func hangOnce() { state.withLock { $0.hangsOnce = true } }

    func createEvent(_ event: Event) async throws(KubeError) -> Event {
        let hangs = state.withLock { state in
            defer { state.hangsOnce = false }
            return state.hangsOnce
        }
        try answer(.create(event))
        if hangs {
            let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
            for await _ in stream {}
            continuation.finish()
            throw .of(.cancelled)
        }
        return event
    }

    func patchEvent(_ name: String, namespace: String, _ patch: Patch) async throws(KubeError) -> Event {
        try answer(.patch(name: name, namespace: namespace, body: patch.body))
        return Event(metadata: ObjectMeta(name: name, namespace: namespace))
    }

    private func answer(_ write: Write) throws(KubeError) {
        let code = state.withLock { $0.failures.isEmpty ? $0.standingFailure : $0.failures.removeFirst() }
        writes.append(write)
        if let code { throw .of(code) }
    }
}
