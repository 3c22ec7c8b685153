// SPDX-License-Identifier: Apache-2.0
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A proxy on a free port of the loopback interface, for tests of what goes through one.
///
/// It speaks the real protocols and passes bytes on in both directions, each connection on threads of its own. Wherever
/// a client asks to go, it is taken to one place, so that names which exist nowhere can be asked for.
public final class ForwardingProxy: Sendable {
    /// How a client says where it wants to go.
    public enum Kind: Sendable, Hashable {
        /// By the method CONNECT (RFC 9110, 9.3.6).
        case http
        /// By SOCKS version 5 (RFC 1928), with a user name and password (RFC 1929) if the client has them.
        case socks5
        /// Not at all: whatever comes is passed on.
        case none
    }

    /// What a client asked for.
    public struct Request: Sendable, Hashable {
        /// The host and port, as the client wrote them.
        public var target = ""
        /// The header `Proxy-Authorization`, or `user:password` of SOCKS; empty for none.
        public var authorization = ""

        /// Creates a request.
        public init(target: String = "", authorization: String = "") {
            self.target = target
            self.authorization = authorization
        }
    }

    /// The port that it listens on.
    public let port: Int
    private let kind: Kind
    private let destination: (host: String, port: Int)
    private let listener: Int32
    private let seen = Mutex<[Request]>([])
    private let sockets = Mutex<Set<Int32>>([])

    /// What clients have asked for, in order.
    public var requests: [Request] { seen.withLock { $0 } }

    /// Starts a proxy.
    /// - Parameters:
    ///   - kind: what it speaks with clients.
    ///   - host: the address to listen on: one of the loopback interface.
    ///   - destination: the address and port that everything goes to.
    public init(_ kind: Kind, host: String = "127.0.0.1", to destination: (host: String, port: Int)) throws {
        self.kind = kind
        self.destination = destination
        (listener, port) = try SocketAddress(host, port: 0).listen()
        startThread { [self] in acceptConnections() }
    }

    /// Ends all connections and the threads.
    public func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        sockets.withLock { for socket in $0 { shutdown(socket, Int32(SHUT_RDWR)) } }
    }

    private func acceptConnections() {
        while true {
            let connection = accept(listener, nil, nil)
            if connection < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                break
            }
            startThread { [self] in serve(connection) }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var client = SocketStream(connection)
        guard let (request, answer) = handshake(&client),
            let upstream = try? SocketAddress(destination.host, port: destination.port).connect()
        else { return client.close() }
        seen.withLock { $0.append(request) }
        sockets.withLock { $0.formUnion([connection, upstream]) }
        guard client.send(answer) else { return finish(connection, upstream) }
        let pumped = Mutex(0)
        let ended: @Sendable () -> Void = { [self] in
            if pumped.withLock({ count in
                count += 1
                return count == 2
            }) {
                finish(connection, upstream)
            }
        }
        startThread {
            SocketStream.pump(from: upstream, to: connection)
            ended()
        }
        SocketStream.pump(from: connection, to: upstream)
        ended()
    }

    private func finish(_ connection: Int32, _ upstream: Int32) {
        // Out of the set first: the numbers may be given to other sockets at once.
        sockets.withLock { $0.subtract([connection, upstream]) }
        close(connection)
        close(upstream)
    }

    private func handshake(_ client: inout SocketStream) -> (Request, answer: [UInt8])? {
        switch kind {
        case .none: (Request(), [])
        case .http: Self.connectMethod(&client)
        case .socks5: Self.socks(&client)
        }
    }

    private static func connectMethod(_ client: inout SocketStream) -> (Request, answer: [UInt8])? {
        var head: [UInt8] = []
        while !head.reversed().starts(with: "\n\r\n\r".utf8) {
            guard head.count < 1 << 16, let byte = client.receive(1) else { return nil }
            head += byte
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3, words[0] == "CONNECT" else { return nil }
        let name = "proxy-authorization: "
        let authorization = lines.first { $0.lowercased().hasPrefix(name) }?.dropFirst(name.count) ?? ""
        return (
            Request(target: String(words[1]), authorization: String(authorization)),
            Array("HTTP/1.1 200 Connected\r\n\r\n".utf8)
        )
    }

    private static func socks(_ client: inout SocketStream) -> (Request, answer: [UInt8])? {
        var request = Request()
        guard let head = client.receive(2), head[0] == 5, let methods = client.receive(Int(head[1])) else { return nil }
        let method: UInt8 = methods.contains(2) ? 2 : 0
        guard client.send([5, method]) else { return nil }
        if method == 2 {
            guard let start = client.receive(2), let user = client.receive(Int(start[1])),
                let length = client.receive(1), let password = client.receive(Int(length[0])), client.send([1, 0])
            else { return nil }
            request.authorization =
                "\(String(decoding: user, as: UTF8.self)):\(String(decoding: password, as: UTF8.self))"
        }
        // Names only: a client that resolves them itself gets no further.
        guard let ask = client.receive(5), ask[1] == 1, ask[3] == 3, let name = client.receive(Int(ask[4])),
            let port = client.receive(2)
        else { return nil }
        request.target = "\(String(decoding: name, as: UTF8.self)):\(Int(port[0]) << 8 | Int(port[1]))"
        return (request, [5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    }
}
