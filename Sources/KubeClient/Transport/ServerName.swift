// SPDX-License-Identifier: Apache-2.0

/// A server that shows a certificate for another name than the one it is reached by (`tls-server-name`).
///
/// libcurl checks the certificate against the host of the URL and tells it to the server (SNI). So the URL gets the
/// name of the certificate, the connection is sent to the real host, and the header `Host` names that one. A proxy is
/// asked for the real host, too.
struct ServerName {
    /// The server's URL with the certificate's name as its host.
    let url: String
    /// Where a connection to that host really goes, as `CURLOPT_CONNECT_TO` wants it.
    let connectTo: String
    /// The real host, with its port if the server's URL has one.
    let host: String

    /// Finds out about the server of a configuration; nil if its certificate is for its host, or if there is no TLS.
    init?(_ configuration: ClientConfiguration) {
        let scheme = "https://"
        guard let name = configuration.tlsServerName, configuration.server.hasPrefix(scheme) else { return nil }
        let rest = configuration.server.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let address = ServerAddress(configuration.server)
        let port = address.port ?? 443
        host = String(authority)
        url = "\(scheme)\(Self.inURL(name)):\(port)\(rest[authority.endIndex...])"
        connectTo = "\(Self.inURL(name)):\(port):\(Self.inURL(address.host)):\(port)"
    }

    /// Whether a text is a host name or an address, and nothing else.
    static func isName(_ text: String) -> Bool {
        NetworkAddress(text) != nil
            || text.utf8.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func inURL(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}
