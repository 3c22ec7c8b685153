// SPDX-License-Identifier: Apache-2.0

/// How requests leave this machine.
public enum Proxy: Sendable, Hashable {
    /// As `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say, in capitals or small letters.
    case environment
    /// Directly, whatever the environment says.
    case none
    /// Through this proxy, whatever the environment says: `http`, `https` or `socks5`.
    case url(String)

    /// The proxy's URL for a server as libcurl wants it; empty for none.
    func url(forServer server: String, environment: [String: String]) -> String {
        let url: String
        switch self {
        case .none: return ""
        case .url(let given): url = given
        case .environment:
            guard let given = EnvironmentProxy(environment).url(forServer: server) else { return "" }
            url = given
        }
        // Names are resolved where they are known: at the proxy.
        return url.hasPrefix("socks5://") ? "socks5h://" + url.dropFirst(9) : url
    }

    /// Whether a URL names a proxy of a sort that this client can use.
    static func isSupported(_ url: String) -> Bool {
        ["http://", "https://", "socks5://", "socks5h://"].contains { url.hasPrefix($0) && url.count > $0.count }
    }
}

// A proxy's URL may hold a password.
extension Proxy: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The proxy without its user name and password.
    public var description: String {
        switch self {
        case .environment: return "from the environment"
        case .none: return "none"
        case .url(let url):
            guard let at = url.lastIndex(of: "@") else { return url }
            let scheme = url.firstRange(of: "://").map { url[..<$0.upperBound] } ?? ""
            return "\(scheme)…\(url[at...])"
        }
    }
    /// The proxy without its user name and password.
    public var debugDescription: String { description }
    /// No parts.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
