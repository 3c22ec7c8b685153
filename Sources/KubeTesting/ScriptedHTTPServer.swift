// SPDX-License-Identifier: Apache-2.0
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// An HTTP/1.1 server that answers each request with scripted bytes, right or wrong.
///
/// It is no API server: it knows nothing of Kubernetes. It exists for what a well-behaved server cannot be made to
/// do. It listens on a free port of the loopback interface, has threads of its own, and serves one request for each
/// connection unless a script says otherwise.
public final class ScriptedHTTPServer: Sendable {
    /// A request, as it was read.
    public struct Request: Sendable {
        /// Such as `GET`.
        public var method = ""
        /// The path with the query.
        public var target = ""
        /// The headers, their names in small letters.
        public var headers: [String: String] = [:]
        /// The body; empty if there is none.
        public var body = ""
    }

    /// What the server does next with a connection.
    public enum Step: Sendable {
        /// Sends text.
        case send(String)
        /// Sends the same bytes again and again.
        case sendRepeatedly([UInt8], times: Int)
        /// Ends the connection without the usual farewell.
        case reset
        /// Says nothing more until the client has gone.
        case hold
        /// Goes on once this is true, which is asked each millisecond.
        case waitUntil(@Sendable () -> Bool)
        /// Serves another request on the connection.
        case serveNext
    }

    /// Something that the server has noticed.
    public enum Event: Sendable {
        /// A request has been read.
        case request(Request)
        /// The client closed the connection before the script was over, or while it held.
        case clientLeft
    }

    /// What happens, in order.
    ///
    /// For one reader.
    public let events: AsyncStream<Event>
    /// The port that it listens on.
    public let port: Int
    private let report: AsyncStream<Event>.Continuation
    private let listener: Int32
    private let isDeaf: Bool
    private let answer: @Sendable (Request) -> [Step]
    private let connections = Mutex<Set<Int32>>([])

    /// Where to find it.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// Starts a server.
    /// - Parameters:
    ///   - isDeaf: whether connections are made, by the system, but nothing is ever read from them.
    ///   - answer: what is sent in answer to a request.
    public init(isDeaf: Bool = false, _ answer: @escaping @Sendable (Request) -> [Step]) throws {
        self.answer = answer
        (events, report) = AsyncStream.makeStream()
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 128) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard isListening else { throw SocketError(code: errno) }
        self.isDeaf = isDeaf
        if !isDeaf { Self.startThread { [self] in acceptConnections() } }
    }

    /// Ends all connections and the threads.
    public func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        connections.withLock { for connection in $0 { shutdown(connection, Int32(SHUT_RDWR)) } }
        report.finish()
        if isDeaf { close(listener) }
    }

    private func acceptConnections() {
        while true {
            let connection = accept(listener, nil, nil)
            if connection < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                break
            }
            // A script's steps are packets of their own, not held back until the one before is acknowledged.
            var isOn: Int32 = 1
            setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
            _ = connections.withLock { $0.insert(connection) }
            Self.startThread { [self] in
                serve(connection)
                // Out of the set first: the number may be given to another socket at once.
                _ = connections.withLock { $0.remove(connection) }
                close(connection)
            }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        while serveOne(connection) {}
    }

    /// Serves a request; returns whether there is to be another one.
    private func serveOne(_ connection: Int32) -> Bool {
        guard let request = Self.readRequest(connection) else { return false }
        report.yield(.request(request))
        for step in answer(request) {
            switch step {
            case .send(let text):
                guard Self.send(Array(text.utf8), to: connection) else { return leave() }
            case .sendRepeatedly(let bytes, let times):
                for _ in 0..<times { guard Self.send(bytes, to: connection) else { return leave() } }
            case .reset:
                var option = linger(l_onoff: 1, l_linger: 0)
                setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
                return false
            case .waitUntil(let isDue):
                while !isDue() { usleep(1000) }
            case .serveNext:
                return true
            case .hold:
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return leave()
            }
        }
        // A close with unread bytes would be a reset.
        shutdown(connection, Int32(SHUT_WR))
        var byte: UInt8 = 0
        while recv(connection, &byte, 1, 0) > 0 {}
        return false
    }

    private func leave() -> Bool {
        report.yield(.clientLeft)
        return false
    }

    private static func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(connection, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func readRequest(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        func more() -> Bool {
            var piece = [UInt8](repeating: 0, count: 4096)
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return false }
            bytes += piece[..<count]
            return true
        }
        var end: Int?
        while end == nil {
            guard more() else { return nil }
            end = bytes.indices.first { bytes[$0...].starts(with: "\r\n\r\n".utf8) }
        }
        guard let end else { return nil }
        var request = Request()
        for (index, line) in String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").enumerated() {
            if index == 0 {
                let words = line.split(separator: " ")
                guard words.count == 3 else { return nil }
                request.method = String(words[0])
                request.target = String(words[1])
            } else if let colon = line.firstIndex(of: ":") {
                request.headers[line[..<colon].lowercased()] = String(line[line.index(colon, offsetBy: 2)...])
            }
        }
        let count = request.headers["content-length"].flatMap { Int($0) } ?? 0
        while bytes.count < end + 4 + count { guard more() else { return nil } }
        request.body = String(decoding: bytes[(end + 4)...], as: UTF8.self)
        return request
    }

    private static func startThread(_ body: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Box(body)).toOpaque()
        let code = pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            },
            context
        )
        precondition(code == 0, "the test's server gets no thread: \(code)")
        pthread_detach(thread)
    }

    /// The system refused a socket; the code is an `errno`.
    public struct SocketError: Error {
        /// Why.
        public let code: Int32
    }
}

extension ScriptedHTTPServer {
    /// An answer with a body of known length.
    /// - Parameter isLast: whether the connection ends with it; else ``Step/serveNext`` has to follow.
    public static func answer(
        _ status: Int,
        _ body: String,
        headers: [String] = [],
        isLast: Bool = true
    ) -> [Step] {
        var head = ["HTTP/1.1 \(status) X", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
        // Not told, a client may send its next request on the connection before it sees the end of it.
        if isLast { head.append("Connection: close") }
        return [.send((head + headers).joined(separator: "\r\n") + "\r\n\r\n" + body)]
    }

    /// An answer in chunks, ended as it should be.
    public static func chunked(_ pieces: [String], isComplete: Bool = true) -> [Step] {
        var text = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        for piece in pieces where !piece.isEmpty {
            text += "\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n"
        }
        return [.send(isComplete ? text + "0\r\n\r\n" : text)]
    }

    /// An answer that ends where the connection does.
    public static func untilClose(_ body: String) -> [Step] {
        [.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)]
    }
}
