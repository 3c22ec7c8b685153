// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Where a server listens, as Kubernetes' own programs have it: `:8080`, `127.0.0.1:8080`, `[::1]:8080`.
public struct BindAddress: Sendable, Hashable, CustomStringConvertible {
    /// The host name or address; empty for all addresses of the machine.
    public var host: String
    /// The port; 0 for one that is free.
    public var port: Int

    /// Creates an address.
    public init(host: String = "", port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads an address.
    /// - Parameter text: a host, which may be missing, a colon and a port.
    /// - Returns: nil if the text is none.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard let port = Int(digits), (0...65535).contains(port), digits.allSatisfy(\.isNumber) else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".:-".contains($0)) }) else { return nil }
        self.init(host: String(host), port: port)
    }

    /// The address as text, in the form that it is read from.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The host to give to the system.
    ///
    /// All addresses are those of both versions of IP, where the machine has both.
    var systemHost: String {
        guard host.isEmpty else { return host }
        return Self.hasDualStack ? "::" : "0.0.0.0"
    }

    private static var hasDualStack: Bool {
        #if canImport(Glibc)
        let socket = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let socket = socket(AF_INET6, SOCK_STREAM, 0)
        #endif
        guard socket >= 0 else { return false }
        defer { close(socket) }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        return withUnsafeBytes(of: &address) { bytes in
            bind(socket, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count)) == 0
        }
    }
}
