// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#endif

/// A server that takes connections and never says anything.
final class SilentServer: Sendable {
    private let socket: Int32
    let port: UInt16

    init() {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        port = withUnsafeMutableBytes(of: &address) { [socket] bytes in
            let pointer = bytes.bindMemory(to: sockaddr.self).baseAddress
            guard let pointer, bind(socket, pointer, length) == 0, listen(socket, 16) == 0,
                getsockname(socket, pointer, &length) == 0
            else { preconditionFailure("no port can be had: errno \(errno)") }
            return UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        }
    }

    deinit { close(socket) }

    /// Writes a kubeconfig for it.
    func writeKubeconfig(to path: String) throws {
        let text = """
            apiVersion: v1
            kind: Config
            current-context: silent
            clusters: [{name: silent, cluster: {server: "http://127.0.0.1:\(port)"}}]
            contexts: [{name: silent, context: {cluster: silent, user: silent, namespace: shop}}]
            users: [{name: silent, user: {}}]
            """
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}
