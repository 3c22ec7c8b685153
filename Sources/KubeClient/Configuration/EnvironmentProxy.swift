// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#endif

/// Picks a proxy from environment variables by the rules that kubectl follows.
///
/// libcurl reads the variables too, but by other rules: it knows `ALL_PROXY`, does not take `HTTP_PROXY` in capitals,
/// and sends requests to the loopback interface through the proxy.
struct EnvironmentProxy {
    private let environment: [String: String]

    init(_ environment: [String: String]) { self.environment = environment }

    /// The URL of the proxy for a server, or nil for none.
    func url(forServer server: String) -> String? {
        let isSecure = server.hasPrefix("https://")
        guard let given = isSecure ? variable("HTTPS_PROXY") : variable("HTTP_PROXY") else { return nil }
        let address = ServerAddress(server)
        guard !address.isLoopback, !isExcluded(address) else { return nil }
        return given.firstRange(of: "://") == nil ? "http://\(given)" : given
    }

    private func variable(_ name: String) -> String? {
        let value = environment[name].flatMap { $0.isEmpty ? nil : $0 } ?? environment[name.lowercased()]
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func isExcluded(_ address: ServerAddress) -> Bool {
        (variable("NO_PROXY") ?? "").split(separator: ",").contains { entry in
            let entry = entry.trimmed.lowercased()
            return !entry.isEmpty && Self.matches(entry, address)
        }
    }

    private static func matches(_ entry: String, _ address: ServerAddress) -> Bool {
        if entry == "*" { return true }
        if let slash = entry.lastIndex(of: "/") {
            guard let network = NetworkAddress(String(entry[..<slash])), let host = NetworkAddress(address.host),
                let bits = Int(entry[entry.index(after: slash)...])
            else { return false }
            return host.isIn(network, bits: bits)
        }
        let excluded = ServerAddress("//\(entry)", defaultPort: nil)
        if let port = excluded.port, port != address.port { return false }
        if let network = NetworkAddress(excluded.host) { return NetworkAddress(address.host) == network }
        var domain = Substring(excluded.host)
        if domain.hasPrefix("*.") { domain = domain.dropFirst() }
        // With a dot before it only what is below counts, without one the name itself too.
        if domain.hasPrefix(".") { return address.host.hasSuffix(domain) }
        return address.host == domain || address.host.hasSuffix(".\(domain)")
    }
}

/// The host and port of a server's URL.
struct ServerAddress {
    /// The name or address in small letters, without the brackets of IPv6.
    let host: String
    let port: Int?

    init(_ url: String) { self.init(url, defaultPort: url.hasPrefix("http://") ? 80 : 443) }

    init(_ url: String, defaultPort: Int?) {
        let start = url.firstRange(of: "//")?.upperBound ?? url.startIndex
        let authority = url[start...].prefix { $0 != "/" && $0 != "?" }
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<bracket].lowercased()
            port = Int(authority[bracket...].dropFirst(2)) ?? defaultPort
        } else if let colon = authority.lastIndex(of: ":"), authority.firstIndex(of: ":") == colon {
            host = authority[..<colon].lowercased()
            port = Int(authority[colon...].dropFirst()) ?? defaultPort
        } else {
            host = authority.lowercased()
            port = defaultPort
        }
    }

    var isLoopback: Bool { host == "localhost" || NetworkAddress(host)?.isLoopback == true }

    /// Whether it is an address that leads no further than the machine's own network (RFC 3927, RFC 4291), in any
    /// notation that a URL may have it in.
    var isLinkLocal: Bool { (NetworkAddress(host) ?? NetworkAddress(numeric: host))?.isLinkLocal == true }

    /// Host and port as they stand in a URL.
    var authority: String { (host.contains(":") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "") }
}

/// An IPv4 or IPv6 address in network byte order.
struct NetworkAddress: Equatable {
    private let bytes: [UInt8]

    init?(_ text: String) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { [UInt8]($0) }
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        bytes = withUnsafeBytes(of: &six) { [UInt8]($0) }
    }

    /// Reads the older notations of IPv4 that resolvers take too, such as one large number.
    init?(numeric text: String) {
        var four = in_addr()
        guard inet_aton(text, &four) != 0 else { return nil }
        bytes = withUnsafeBytes(of: &four) { [UInt8]($0) }
    }

    var isLinkLocal: Bool {
        if bytes.count == 16, bytes[0] == 0xFE, bytes[1] & 0xC0 == 0x80 { return true }
        let isMapped = bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10..<12] == [0xFF, 0xFF]
        let four = isMapped ? bytes[12...] : bytes[...]
        return four.count == 4 && four.starts(with: [169, 254])
    }

    var isLoopback: Bool {
        if bytes.count == 4 { return bytes[0] == 127 }
        return bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
    }

    func isIn(_ network: NetworkAddress, bits: Int) -> Bool {
        guard bytes.count == network.bytes.count, (0...bytes.count * 8).contains(bits) else { return false }
        for bit in 0..<bits {
            let difference = bytes[bit / 8] ^ network.bytes[bit / 8]
            if difference & (0x80 >> UInt8(bit % 8)) != 0 { return false }
        }
        return true
    }
}

extension Substring {
    /// Without white space at either end.
    var trimmed: Substring {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        return self[start...].dropLast(while: \.isWhitespace)
    }

    private func dropLast(while isDropped: (Character) -> Bool) -> Substring {
        guard let last = lastIndex(where: { !isDropped($0) }) else { return prefix(0) }
        return self[...last]
    }
}
