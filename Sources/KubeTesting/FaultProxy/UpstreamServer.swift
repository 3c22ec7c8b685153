// SPDX-License-Identifier: Apache-2.0
import CCurl
import FoundationEssentials
import KubeClient
import Synchronization

/// The real API server behind a ``FaultProxy``, asked one request at a time with calls that block.
struct UpstreamServer: Sendable {
    /// Hears of an answer while it comes.
    protocol Receiver: AnyObject {
        /// The status and the headers are complete.
        /// - Returns: false if no more is wanted.
        func receive(status: Int, contentType: String) -> Bool
        /// A piece of the body.
        /// - Returns: false if no more is wanted.
        func receive(_ piece: UnsafeBufferPointer<UInt8>) -> Bool
        /// Whether nobody wants the answer any more; is asked about once a second.
        var isAbandoned: Bool { get }
    }

    private let url: String
    private let authority: [UInt8]
    private let certificate: [UInt8]
    private let key: [UInt8]
    private let handles = CurlHandles()

    init(_ configuration: ClientConfiguration) throws {
        guard let authority = configuration.certificateAuthority, let pair = configuration.clientCertificate else {
            throw TestClusterError(
                message: "the cluster's kubeconfig has no certificate-authority or no client-certificate"
            )
        }
        url = configuration.server
        self.authority = try Self.read(authority)
        certificate = try Self.read(pair.certificate)
        key = try Self.read(pair.key)
    }

    private static func read(_ source: PEMSource) throws -> [UInt8] {
        switch source {
        case .data(let bytes): return bytes
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw TestClusterError(message: "\(path) cannot be read")
            }
            return Array(data)
        }
    }

    /// Asks, and tells the receiver the answer.
    /// - Returns: whether all of the answer came.
    func ask(_ request: ProxiedRequest, _ receiver: some Receiver) -> Bool {
        guard let easy = handles.take() else { return false }
        let exchange = Exchange(receiver)
        let headers = Self.headers(of: request)
        defer {
            handles.give(easy)
            curl_slist_free_all(headers)
        }
        _ = ccurl_set_string(easy, CURLOPT_URL, url + request.target)
        _ = ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method)
        _ = ccurl_set_list(easy, CURLOPT_HTTPHEADER, headers)
        if !request.body.isEmpty { setBody(request.body, of: easy) }
        _ = ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        _ = ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        _ = ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, 5000)
        _ = ccurl_set_string(easy, CURLOPT_PROXY, "")
        setBlob(easy, CURLOPT_CAINFO_BLOB, authority)
        setBlob(easy, CURLOPT_SSLCERT_BLOB, certificate)
        setBlob(easy, CURLOPT_SSLKEY_BLOB, key)
        return withExtendedLifetime(exchange) {
            let context = Unmanaged.passUnretained(exchange).toOpaque()
            _ = ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
            _ = ccurl_set_callback(easy, CURLOPT_HEADERFUNCTION, Exchange.onHeader)
            _ = ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
            _ = ccurl_set_callback(easy, CURLOPT_WRITEFUNCTION, Exchange.onBody)
            _ = ccurl_set_long(easy, CURLOPT_NOPROGRESS, 0)
            _ = ccurl_set_pointer(easy, CURLOPT_XFERINFODATA, context)
            _ = ccurl_set_progress_callback(easy, Exchange.onProgress)
            return curl_easy_perform(easy) == CURLE_OK
        }
    }

    private static func headers(of request: ProxiedRequest) -> UnsafeMutablePointer<curl_slist>? {
        var lines = ["Expect:", "User-Agent: \(request.client)", "Accept: \(request.headers["accept"] ?? "*/*")"]
        if let type = request.headers["content-type"] { lines.append("Content-Type: \(type)") }
        return lines.reduce(nil) { curl_slist_append($0, $1) }
    }

    private func setBody(_ body: [UInt8], of easy: UnsafeMutableRawPointer) {
        _ = ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        body.withUnsafeBytes { bytes in
            let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            _ = ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, start)
        }
    }

    private func setBlob(_ easy: UnsafeMutableRawPointer, _ option: CURLoption, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { _ = ccurl_set_blob(easy, option, $0.baseAddress, $0.count) }
    }
}

/// Handles that nobody uses at the moment, with their connections to the server.
private final class CurlHandles: Sendable {
    /// A handle may go from thread to thread, as long as no two use it at a time: it is either here or with one user.
    private struct Handle: @unchecked Sendable {
        let easy: UnsafeMutableRawPointer
    }

    private let idle = Mutex<[Handle]>([])

    func take() -> UnsafeMutableRawPointer? { idle.withLock { $0.popLast() }?.easy ?? curl_easy_init() }

    func give(_ easy: UnsafeMutableRawPointer) {
        // Forgets the options, and keeps the connection.
        curl_easy_reset(easy)
        let handle = Handle(easy: easy)
        idle.withLock { $0.append(handle) }
    }

    deinit { for handle in idle.withLock({ $0 }) { curl_easy_cleanup(handle.easy) } }
}

/// What libcurl's callbacks work on; they all run on the thread that asks.
private final class Exchange {
    private let receiver: any UpstreamServer.Receiver
    private var status = 0
    private var contentType = ""

    init(_ receiver: any UpstreamServer.Receiver) { self.receiver = receiver }

    static let onHeader: ccurl_data_callback = { data, size, count, context in
        guard let data, let context else { return 0 }
        let line = UnsafeRawBufferPointer(start: data, count: size * count)
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        return exchange.receiveHeader(String(decoding: line, as: UTF8.self)) ? size * count : 0
    }

    static let onBody: ccurl_data_callback = { data, size, count, context in
        guard let data, let context else { return 0 }
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        return data.withMemoryRebound(to: UInt8.self, capacity: size * count) { bytes in
            exchange.receiver.receive(UnsafeBufferPointer(start: bytes, count: size * count)) ? size * count : 0
        }
    }

    static let onProgress: ccurl_progress_callback = { context, _, _, _, _ in
        guard let context else { return 1 }
        return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().receiver.isAbandoned ? 1 : 0
    }

    private func receiveHeader(_ line: String) -> Bool {
        let text = line.filter { !$0.isNewline }
        if text.hasPrefix("HTTP/") {
            let words = text.split(separator: " ")
            status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        } else if text.lowercased().hasPrefix("content-type:") {
            contentType = String(text.dropFirst(13).drop { $0 == " " })
        } else if text.isEmpty, status >= 200 {
            return receiver.receive(status: status, contentType: contentType)
        }
        return true
    }
}
