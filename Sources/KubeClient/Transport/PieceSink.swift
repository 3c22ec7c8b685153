// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Hands an answer over piece by piece, while it arrives, to one reader.
///
/// What the reader has not taken yet waits here, within the bound for a whole answer: libcurl cannot hold a server back
/// without keeping as much itself.
final class PieceSink: ResponseSink {
    private struct State {
        var head = ResponseHead()
        var bytes: [UInt8] = []
        var count = 0
        var outcome: Result<Void, KubeError>?
        var waiter: CheckedContinuation<Void, Never>?

        /// Smaller pieces would wake the reader more often than it has work.
        var isReady: Bool { outcome != nil || bytes.count >= PieceSink.leastCount }
    }

    /// The reader gets pieces of at least so many bytes, except for the last.
    static let leastCount = 64 << 10

    private let maximumBytes: Int
    private let state = Mutex(State())

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// The status and headers; of value once there is a piece.
    var head: ResponseHead { state.withLock { $0.head } }

    func receive(_ head: ResponseHead) {
        state.withLock { $0.head = head }
    }

    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> KubeError? {
        let (error, waiter): (KubeError?, CheckedContinuation<Void, Never>?) = state.withLock { state in
            guard state.count + bytes.count <= maximumBytes else { return (.answerTooLarge(maximumBytes), nil) }
            state.bytes.append(contentsOf: bytes)
            state.count += bytes.count
            guard state.isReady else { return (nil, nil) }
            defer { state.waiter = nil }
            return (nil, state.waiter)
        }
        waiter?.resume()
        return error
    }

    func complete(_ outcome: Result<Void, KubeError>) {
        let waiter = state.withLock { state in
            state.outcome = outcome
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// The next piece; nil at the end of the answer.
    func next() async throws(KubeError) -> [UInt8]? {
        while true {
            let ready: Result<[UInt8]?, KubeError>? = state.withLock { state in
                guard state.isReady else { return nil }
                if case .failure(let error)? = state.outcome { return .failure(error) }
                guard !state.bytes.isEmpty else { return .success(nil) }
                defer { state.bytes = [] }
                return .success(state.bytes)
            }
            if let ready { return try ready.get() }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if !state.isReady { state.waiter = continuation }
                    return state.isReady
                }
                if isReady { continuation.resume() }
            }
        }
    }
}

extension KubeError {
    static func answerTooLarge(_ maximumBytes: Int) -> KubeError {
        KubeError(
            code: .tooLarge,
            message: "the answer is larger than the \(maximumBytes) bytes that are taken: "
                + "ask for less, such as for a list in pages"
        )
    }
}
