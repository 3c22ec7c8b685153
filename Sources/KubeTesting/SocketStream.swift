// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#endif

/// A connection that is read and written by a thread which may wait.
struct SocketStream {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Exactly this many bytes; nil if the other side ends before.
    mutating func receive(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            let more = bytes.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress! + received, count - received, 0)
            }
            guard more > 0 else { return nil }
            received += more
        }
        return bytes
    }

    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    func close() { Glibc.close(descriptor) }

    /// Passes bytes on until one side has ended, and tells the other.
    static func pump(from source: Int32, to target: Int32) {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let stream = SocketStream(target)
        while true {
            let count = recv(source, &piece, piece.count, 0)
            guard count > 0, stream.send(Array(piece[..<count])) else { break }
        }
        shutdown(target, Int32(SHUT_WR))
        shutdown(source, Int32(SHUT_RD))
    }
}

/// An IPv4 or IPv6 address with a port.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private let family: Int32
    private let length: socklen_t

    init(_ host: String, port: Int) throws {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let found = list else {
            throw TestClusterError(message: "\(host):\(port) is not an address")
        }
        defer { freeaddrinfo(list) }
        family = found.pointee.ai_family
        length = found.pointee.ai_addrlen
        memcpy(&storage, found.pointee.ai_addr, Int(length))
    }

    func listen() throws -> (descriptor: Int32, port: Int) {
        let descriptor = makeSocket()
        guard withAddress({ bind(descriptor, $0, length) }) == 0, Glibc.listen(descriptor, 64) == 0 else {
            throw failure(descriptor)
        }
        var bound = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = withUnsafeMutableBytes(of: &bound) {
            getsockname(descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &size)
        }
        guard code == 0 else { throw failure(descriptor) }
        // The port stands at the same place in both kinds of address.
        return (descriptor, Int(UInt16(bigEndian: bound.sin6_port)))
    }

    func connect() throws -> Int32 {
        let descriptor = makeSocket()
        guard withAddress({ Glibc.connect(descriptor, $0, length) }) == 0 else { throw failure(descriptor) }
        return descriptor
    }

    private func makeSocket() -> Int32 {
        socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }

    private func withAddress(_ body: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
        withUnsafeBytes(of: storage) { body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self)) }
    }

    private func failure(_ descriptor: Int32) -> TestClusterError {
        let reason = String(cString: strerror(errno))
        close(descriptor)
        return TestClusterError(message: "a test's socket: \(reason)")
    }
}

/// Runs a body on a thread of its own, which may wait for as long as it likes.
func startThread(_ body: @escaping @Sendable () -> Void) {
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
    precondition(code == 0, "a test gets no thread: \(code)")
    pthread_detach(thread)
}
