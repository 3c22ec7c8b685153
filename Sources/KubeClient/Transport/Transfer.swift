// SPDX-License-Identifier: Apache-2.0
import CCurl
import Synchronization

/// What becomes of an answer.
///
/// All calls come from the network thread, in order, `complete` last and once.
protocol ResponseSink: AnyObject, Sendable {
    /// The status and headers are there.
    func receive(_ head: ResponseHead)
    /// A piece of the body is there.
    /// - Returns: an error if no more is wanted; it ends the transfer and comes back in `complete`.
    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> KubeError?
    /// The transfer is over.
    func complete(_ outcome: Result<Void, KubeError>)
}

/// The part of an answer that comes before its body.
struct ResponseHead: Sendable, Hashable {
    var status = 0
    /// From the header `Retry-After`.
    var retryAfter: RetryAfter?
    /// When the server says it is, in seconds since 1970; from the header `Date`.
    var date: Int?

    var isSuccess: Bool { (200..<300).contains(status) }
}

/// One request on its way through libcurl.
///
/// Lives on the network thread from `start` to `finish`; others only keep it in order to cancel it.
final class Transfer: Sendable {
    struct State {
        var head = ResponseHead()
        var isHeadComplete = false
        var refusal: KubeError?
        var isFinished = false
        /// How much of the body libcurl has taken.
        var sentBytes = 0
        var wasSent = false
        var secrets: [String] = []
    }

    let request: Request
    let configuration: ClientConfiguration
    private let sink: any ResponseSink
    let state = Mutex(State())

    init(request: Request, configuration: ClientConfiguration, sink: any ResponseSink) {
        self.request = request
        self.configuration = configuration
        self.sink = sink
    }

    var isFinished: Bool { state.withLock { $0.isFinished } }
    var isHeadComplete: Bool { state.withLock { $0.isHeadComplete } }
    /// Whether the request may have reached the server; of value once the transfer is over.
    var wasSent: Bool { state.withLock { $0.wasSent } }
    var responseTimeout: Duration? { request.responseTimeout }

    /// What libcurl needs for the request.
    ///
    /// The caller frees both, the handle first.
    func makeHandle() throws(KubeError) -> (easy: UnsafeMutableRawPointer, lists: CurlLists) {
        let authorization = try RequestAuthorization(configuration.credentials)
        state.withLock { $0.secrets = authorization.secrets }
        let lists = try CurlLists(request, configuration, authorization)
        guard let easy = curl_easy_init() else {
            lists.free()
            throw KubeError(code: .connection, message: "libcurl has no memory for another request")
        }
        do throws(KubeError) {
            try CurlOptions.apply(request, configuration, authorization, lists, to: easy)
        } catch {
            curl_easy_cleanup(easy)
            lists.free()
            throw error
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        _ = ccurl_set_callback(easy, CURLOPT_WRITEFUNCTION, Self.onBody)
        _ = ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        _ = ccurl_set_callback(easy, CURLOPT_HEADERFUNCTION, Self.onHeader)
        if request.body != nil {
            _ = ccurl_set_pointer(easy, CURLOPT_READDATA, context)
            _ = ccurl_set_callback(easy, CURLOPT_READFUNCTION, Self.onRead)
        }
        return (easy, lists)
    }

    /// An error without what the request proved itself with: a server, or what stands before it, may have repeated it.
    func withoutSecrets(_ error: KubeError) -> KubeError {
        let secrets = state.withLock { $0.secrets }
        return secrets.reduce(error) { $0.without(secret: $1) }
    }

    func finish(_ outcome: Result<Void, KubeError>) {
        let isFirst = state.withLock { state in
            defer { state.isFinished = true }
            return !state.isFinished
        }
        if isFirst { sink.complete(outcome) }
    }

    // libcurl hands the context back that was set with the callback; the loop keeps the transfer alive until the
    // handle is gone.
    private static let onBody: ccurl_data_callback = { data, size, count, context in
        guard let data, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return data.withMemoryRebound(to: UInt8.self, capacity: size * count) { bytes in
            transfer.receiveBody(UnsafeBufferPointer(start: bytes, count: size * count)) ? size * count : 0
        }
    }

    private static let onRead: ccurl_data_callback = { data, size, count, context in
        guard let data, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.readBody(into: UnsafeMutableRawBufferPointer(start: data, count: size * count))
    }

    private static let onHeader: ccurl_data_callback = { data, size, count, context in
        guard let data, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        data.withMemoryRebound(to: UInt8.self, capacity: size * count) { bytes in
            transfer.receiveHeader(UnsafeBufferPointer(start: bytes, count: size * count))
        }
        return size * count
    }

    private func receiveBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let refusal = sink.receive(bytes) else { return true }
        state.withLock { $0.refusal = refusal }
        return false
    }

    private func readBody(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let body = request.body else { return 0 }
        return state.withLock { state in
            let count = min(buffer.count, body.count - state.sentBytes)
            buffer.copyBytes(from: body[state.sentBytes..<state.sentBytes + count])
            state.sentBytes += count
            return count
        }
    }

    private func receiveHeader(_ line: UnsafeBufferPointer<UInt8>) {
        let head: ResponseHead? = state.withLock { state in
            if line.starts(with: "HTTP/".utf8) {
                let words = String(decoding: line, as: UTF8.self).split(separator: " ")
                state.head = ResponseHead(status: words.count > 1 ? Int(words[1]) ?? 0 : 0)
                return nil
            }
            // An empty line ends the headers; those of a 1xx answer are followed by more.
            if line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") {
                guard state.head.status >= 200 else { return nil }
                state.isHeadComplete = true
                return state.head
            }
            state.head.read(line)
            return nil
        }
        if let head { sink.receive(head) }
    }
}
