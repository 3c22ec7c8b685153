// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Cuts a stream into lines for one reader, within bounds.
final class LineSink: ResponseSink {
    /// What the lines are.
    enum Content: Sendable {
        /// Events: empty lines mean nothing, and an end in the middle of a line is a failure.
        case watch
        /// A log: every line counts, also one that the end cuts off.
        case log
    }

    enum Opening: Sendable {
        /// The server accepts the watch.
        case accepted
        /// The server refuses, with this body.
        case refused(ResponseHead, [UInt8])
    }

    struct State {
        let content: Content
        var head = ResponseHead()
        var opening: Result<Opening, KubeError>?
        var openingWaiter: CheckedContinuation<Result<Opening, KubeError>, Never>?
        /// The start of a line whose end has not come yet.
        var partial: [UInt8] = []
        var lines: Deque<[UInt8]> = []
        var bufferedBytes = 0
        var longestLine = 0
        var end: Result<Void, KubeError>?
        var lineWaiter: CheckedContinuation<Result<[UInt8]?, KubeError>, Never>?
    }

    /// What a line costs in memory beside its bytes, so that many empty ones are bounded too.
    static let lineOverhead = 32
    private static let maximumRefusalBytes = 1 << 20

    private let state: Mutex<State>
    private let maximumBufferedBytes: Int
    private let maximumLineBytes: Int

    init(_ content: Content, _ configuration: TransportConfiguration) {
        state = Mutex(State(content: content))
        maximumBufferedBytes = configuration.maximumBufferedBytes
        maximumLineBytes = configuration.maximumLineBytes
    }

    func receive(_ head: ResponseHead) {
        let waiter = state.withLock { state in
            state.head = head
            return head.isSuccess ? state.open(.success(.accepted)) : nil
        }
        waiter?.resume(returning: .success(.accepted))
    }

    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> KubeError? {
        enum Action {
            case none
            case deliver(CheckedContinuation<Result<[UInt8]?, KubeError>, Never>, [UInt8])
            case refuse(KubeError)
        }
        let action: Action = state.withLock { state in
            guard state.head.isSuccess else {
                let room = max(0, Self.maximumRefusalBytes - state.partial.count)
                state.partial.append(contentsOf: bytes.prefix(room))
                return .none
            }
            state.append(bytes)
            if let error = excess(state) {
                // Before the transfer has ended a reader may come for a line that is too long, or worthless: after
                // either error it has to list again anyway.
                state.discard()
                return .refuse(error)
            }
            guard let waiter = state.lineWaiter, let line = state.popLine() else { return .none }
            state.lineWaiter = nil
            return .deliver(waiter, line)
        }
        switch action {
        case .none: return nil
        case .refuse(let error): return error
        case .deliver(let waiter, let line):
            waiter.resume(returning: .success(line))
            return nil
        }
    }

    private func excess(_ state: borrowing State) -> KubeError? {
        if max(state.longestLine, state.partial.count) > maximumLineBytes {
            return KubeError(
                code: .tooLarge,
                message: "a line of the stream is longer than the \(maximumLineBytes) bytes that are taken"
            )
        }
        if state.bufferedBytes + state.partial.count > maximumBufferedBytes {
            return KubeError(
                code: .watchOverflow,
                message: "more than \(maximumBufferedBytes) bytes wait to be read: the reader is too slow"
            )
        }
        return nil
    }

    func complete(_ outcome: Result<Void, KubeError>) {
        let (opening, result, last, line) = state.withLock { state in
            let end = state.ending(outcome)
            if case .success = end, case .success(.accepted)? = state.opening, state.content == .log {
                state.takeLastLine()
            }
            state.end = end
            let result = outcome.map { Opening.refused(state.head, state.partial) }
            let opening = state.open(result)
            let waiter = state.lineWaiter
            state.lineWaiter = nil
            let last: Result<[UInt8]?, KubeError> =
                if waiter != nil, let line = state.popLine() { .success(line) } else { end.map { nil } }
            return (opening, result, last, waiter)
        }
        opening?.resume(returning: result)
        line?.resume(returning: last)
    }

    func opening() async -> Result<Opening, KubeError> {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state in
                if state.opening == nil { state.openingWaiter = continuation }
                return state.opening
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    /// The next line, or nil at the end of the stream.
    func nextLine() async -> Result<[UInt8]?, KubeError> {
        await withCheckedContinuation { continuation in
            let ready: Result<[UInt8]?, KubeError>? = state.withLock { state in
                if let line = state.popLine() { return .success(line) }
                if let end = state.end { return end.map { nil } }
                precondition(state.lineWaiter == nil, "a watch has one reader")
                state.lineWaiter = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }
}

extension LineSink.State {
    mutating func open(
        _ result: Result<LineSink.Opening, KubeError>
    ) -> CheckedContinuation<Result<LineSink.Opening, KubeError>, Never>? {
        guard opening == nil else { return nil }
        opening = result
        defer { openingWaiter = nil }
        return openingWaiter
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        var position = 0
        while let newline = memchr(start + position, Int32(UInt8(ascii: "\n")), bytes.count - position) {
            let end = UnsafeRawPointer(newline) - UnsafeRawPointer(start)
            partial.append(contentsOf: UnsafeBufferPointer(start: start + position, count: end - position))
            position = end + 1
            finishLine()
        }
        partial.append(contentsOf: UnsafeBufferPointer(start: start + position, count: bytes.count - position))
    }

    private mutating func finishLine() {
        guard !partial.isEmpty || content == .log else { return }
        longestLine = max(longestLine, partial.count)
        bufferedBytes += partial.count + LineSink.lineOverhead
        lines.append(partial)
        partial = []
    }

    /// Forgets what was not yet read.
    mutating func discard() {
        lines = []
        partial = []
        bufferedBytes = 0
    }

    mutating func takeLastLine() {
        if !partial.isEmpty { finishLine() }
    }

    /// What the end of the transfer means to the reader of the lines.
    ///
    /// A stream can close in good order as far as HTTP knows and still have lost the rest of a line: where its end is
    /// only the end of the connection, or behind a proxy that was stopped. That must not look like a normal end.
    func ending(_ outcome: Result<Void, KubeError>) -> Result<Void, KubeError> {
        guard case .success = outcome, case .success(.accepted)? = opening, content == .watch,
            !partial.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 })
        else { return outcome }
        return .failure(
            KubeError(code: .connection, message: "the watch was closed in the middle of an event")
        )
    }

    mutating func popLine() -> [UInt8]? {
        guard let line = lines.popFirst() else { return nil }
        bufferedBytes -= line.count + LineSink.lineOverhead
        return line
    }
}
