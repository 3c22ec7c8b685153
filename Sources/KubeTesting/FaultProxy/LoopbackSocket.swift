// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#endif

/// A TCP socket on the loopback interface, with calls that block.
struct LoopbackSocket: Sendable, Hashable {
    let descriptor: Int32

    /// Listens on a free port.
    static func listening() throws -> (socket: LoopbackSocket, port: Int) {
        let (descriptor, port) = try SocketAddress("127.0.0.1", port: 0).listen()
        return (LoopbackSocket(descriptor: descriptor), port)
    }

    /// The next connection; nil once nobody listens any more.
    func accept() -> LoopbackSocket? {
        while true {
            let connection = Glibc.accept(descriptor, nil, nil)
            if connection >= 0 {
                // A program that is started meanwhile would keep the connection open.
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                return LoopbackSocket(descriptor: connection)
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    /// What has arrived, at least a byte; nil once the other side has gone.
    func receive() -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { return nil }
        piece.removeSubrange(count...)
        return piece
    }

    /// Sends everything; false once the other side has gone.
    func send(_ bytes: [UInt8]) -> Bool { SocketStream(descriptor).send(bytes) }

    /// Whether the other side has closed the connection; does not wait.
    var hasPeerLeft: Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count == 0 || count < 0 && errno != EAGAIN && errno != EINTR
    }

    /// Keeps the connection open, saying nothing, until the other side has gone or ``wakeUp()`` is called.
    func holdOpen() { while receive() != nil {} }

    /// Lets the next close be a reset (RST) instead of a farewell.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Ends whatever call waits on the socket.
    func wakeUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func close() { Glibc.close(descriptor) }
}
