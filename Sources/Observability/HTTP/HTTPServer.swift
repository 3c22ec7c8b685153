// SPDX-License-Identifier: Apache-2.0
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Serves sites over HTTP/1.1, all of them with one thread.
///
/// The server is Hummingbird, on SwiftNIO: what comes over the network is read by code that many others use. One thread
/// is enough, because the answers are short and nothing in them waits.
public struct HTTPServer: Service {
    /// How many connections each site has at the same time; more wait in the system's queue.
    public static let maximumConnections = 256

    /// Lives as long as the process: a connection may still be let go of when its server has ended, and SwiftNIO
    /// complains on standard error where the thread for that is gone.
    private static let threads = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let sites: [HTTPSite]
    private let logger: Logger
    private let onListening: @Sendable (_ site: String, _ port: Int) -> Void

    /// Creates a server; it listens once it runs.
    /// - Parameters:
    ///   - sites: what it serves.
    ///   - logger: gets a message for each site that is served.
    ///   - onListening: is told the port of each site, which matters where the site asks for any free one.
    public init(
        _ sites: [HTTPSite],
        logger: Logger,
        onListening: @escaping @Sendable (_ site: String, _ port: Int) -> Void = { _, _ in }
    ) {
        self.sites = sites
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the service is shut down or the task cancelled.
    /// - Throws: what the system says if a port cannot be listened on, or a certificate not be read.
    public func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for site in sites {
                let application = try application(site)
                group.addTask {
                    do {
                        try await application.run()
                    } catch let error as IOError {
                        throw HTTPServerError(site: site.name, address: site.address, reason: "\(error)")
                    }
                }
                if let certificate = site.certificate {
                    group.addTask { await certificate.follow(logger: logger) }
                }
            }
            // Without a site there is nothing to wait for but the end.
            if sites.isEmpty { group.addTask { try? await gracefulShutdown() } }
        }
    }

    private func application(_ site: HTTPSite) throws -> some ApplicationProtocol {
        var quiet = logger
        // The library tells of each server that starts; one line about that is enough.
        quiet.logLevel = max(logger.logLevel, .warning)
        let (logger, onListening) = (logger, onListening)
        return Application(
            router: site.makeRouter(),
            server: try site.makeServer(),
            configuration: ApplicationConfiguration(
                address: .hostname(site.address.systemHost, port: site.address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections)
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? site.address.port
                let tls = site.certificate != nil
                logger.info("serving HTTP", metadata: ["site": "\(site.name)", "port": "\(port)", "tls": "\(tls)"])
                onListening(site.name, port)
            },
            eventLoopGroupProvider: .shared(Self.threads),
            logger: quiet
        )
    }
}

/// Why a site cannot be served.
public struct HTTPServerError: Error, Sendable, CustomStringConvertible {
    /// The site's name.
    public var site: String
    /// Where it should listen.
    public var address: BindAddress
    /// What the system says.
    public var reason: String

    /// A sentence for people.
    public var description: String { "the \(site) endpoint cannot listen at \(address): \(reason)" }
}
