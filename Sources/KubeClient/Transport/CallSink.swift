// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Collects a whole answer for one waiting task.
final class CallSink: ResponseSink {
    struct Response: Sendable {
        var head: ResponseHead
        var body: [UInt8]
    }

    private struct State {
        var head = ResponseHead()
        var body: [UInt8] = []
        var outcome: Result<Response, KubeError>?
        var waiter: CheckedContinuation<Result<Response, KubeError>, Never>?
    }

    private let maximumBytes: Int
    private let state = Mutex(State())

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    func receive(_ head: ResponseHead) {
        state.withLock { $0.head = head }
    }

    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> KubeError? {
        state.withLock { state in
            guard state.body.count + bytes.count <= maximumBytes else {
                return .answerTooLarge(maximumBytes)
            }
            state.body.append(contentsOf: bytes)
            return nil
        }
    }

    func complete(_ outcome: Result<Void, KubeError>) {
        let waiter = state.withLock { state in
            let result = outcome.map { Response(head: state.head, body: state.body) }
            state.body = []
            state.outcome = result
            defer { state.waiter = nil }
            return state.waiter.map { ($0, result) }
        }
        waiter?.0.resume(returning: waiter!.1)
    }

    func response() async -> Result<Response, KubeError> {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> Result<Response, KubeError>? in
                if let outcome = state.outcome { return outcome }
                state.waiter = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }
}
