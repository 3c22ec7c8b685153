// SPDX-License-Identifier: Apache-2.0
import DequeModule
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Cuts a stream into lines for one reader, within bounds.
final class LineSink: ResponseSink {
    enum Opening: Sendable {
        /// The server accepts the watch.
        case accepted
        /// The server refuses, with this body.
        case refused(ResponseHead, [UInt8])
    }

    struct State {
        var head = ResponseHead()
        var opening: Result<Opening, KubeError>?
        var openingWaiter: CheckedContinuation<Result<Opening, KubeError>, Never>?
        /// The start of a line whose end has not come yet.
        var partial: [UInt8] = []
        var lines: Deque<[UInt8]> = []
        var bufferedBytes = 0
        var end: Result<Void, KubeError>?
        var lineWaiter: CheckedContinuation<Result<[UInt8]?, KubeError>, Never>?
    }

    /// How much may lie here unread.
    ///
    /// libcurl cannot hold a server back on HTTP/2 without keeping tens of megabytes
    /// itself, so a reader that falls behind this far has to list again.
    static let maximumBytes = 32 << 20
    private static let maximumRefusalBytes = 1 << 20

    private let state = Mutex(State())

    func receive(_ head: ResponseHead) {
        let waiter = state.withLock { state in
            state.head = head
            return (200..<300).contains(head.status) ? state.open(.success(.accepted)) : nil
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
            guard (200..<300).contains(state.head.status) else {
                let room = max(0, Self.maximumRefusalBytes - state.partial.count)
                state.partial.append(contentsOf: bytes.prefix(room))
                return .none
            }
            state.append(bytes)
            guard state.bufferedBytes + state.partial.count <= Self.maximumBytes else {
                return .refuse(
                    KubeError(
                        code: .watchOverflow,
                        message: "more than \(Self.maximumBytes >> 20) MiB of events wait to be read"
                    )
                )
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

    func complete(_ outcome: Result<Void, KubeError>) {
        let (opening, result, end, line) = state.withLock { state in
            let end = state.ending(outcome)
            state.end = end
            // What was not yet read is worthless if the reader has to list again anyway.
            if case .failure(let error) = outcome, error.code == .watchOverflow {
                state.lines = []
                state.bufferedBytes = 0
            }
            let result = outcome.map { Opening.refused(state.head, state.partial) }
            let opening = state.open(result)
            defer { state.lineWaiter = nil }
            return (opening, result, end, state.lineWaiter)
        }
        opening?.resume(returning: result)
        line?.resume(returning: end.map { nil })
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
            guard !partial.isEmpty else { continue }
            bufferedBytes += partial.count
            lines.append(partial)
            partial = []
        }
        partial.append(contentsOf: UnsafeBufferPointer(start: start + position, count: bytes.count - position))
    }

    /// What the end of the transfer means to the reader of the lines.
    ///
    /// A stream can close in good order as far as HTTP knows and still have lost the rest of a line: where its end is
    /// only the end of the connection, or behind a proxy that was stopped. That must not look like a normal end.
    func ending(_ outcome: Result<Void, KubeError>) -> Result<Void, KubeError> {
        guard case .success = outcome, case .success(.accepted)? = opening,
            !partial.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 })
        else { return outcome }
        return .failure(
            KubeError(code: .connection, message: "the watch was closed in the middle of an event")
        )
    }

    mutating func popLine() -> [UInt8]? {
        guard let line = lines.popFirst() else { return nil }
        bufferedBytes -= line.count
        return line
    }
}
