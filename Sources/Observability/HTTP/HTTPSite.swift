// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import NIOCore

/// What one port serves.
public struct HTTPSite: Sendable {
    /// What it is called in log messages, such as `metrics`.
    let name: String
    let address: BindAddress
    /// The certificate, if the port speaks TLS.
    let certificate: ServerCertificate?
    private let addRoutes: @Sendable (Router<SiteContext>) -> Void

    init(
        _ name: String,
        at address: BindAddress,
        certificate: ServerCertificate? = nil,
        _ addRoutes: @escaping @Sendable (Router<SiteContext>) -> Void
    ) {
        self.name = name
        self.address = address
        self.certificate = certificate
        self.addRoutes = addRoutes
    }

    /// What decides who answers a request.
    func makeRouter() -> Router<SiteContext> {
        let router = Router(context: SiteContext.self)
        addRoutes(router)
        return router
    }

    /// The server that speaks the port's protocol.
    func makeServer() throws -> HTTPServerBuilder {
        // A connection on which nothing happens must not keep its place for ever.
        let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(90)))
        guard let certificate else { return plain }
        return try .tls(plain, tlsConfiguration: certificate.makeConfiguration())
    }
}

/// What a route knows of a request besides the request.
struct SiteContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Whether the client is on this machine, or comes through `kubectl port-forward`.
    let isLocal: Bool

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        isLocal = source.channel.remoteAddress?.isLoopback ?? false
    }
}

extension SocketAddress {
    /// Whether it is an address of the loopback interface; an address of IPv4 may be written as one of IPv6.
    var isLoopback: Bool {
        guard let ipAddress else { return false }
        return ipAddress == "::1" || ipAddress.hasPrefix("127.") || ipAddress.lowercased().hasPrefix("::ffff:127.")
    }
}

extension Response {
    init(_ status: HTTPResponse.Status, _ contentType: String, _ bytes: [UInt8]) {
        self.init(
            status: status,
            // Health and metrics are of the moment: nobody may keep them.
            headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    /// A line of text.
    init(_ status: HTTPResponse.Status, line: String) {
        self.init(status, "text/plain; charset=utf-8", Array("\(line)\n".utf8))
    }
}
