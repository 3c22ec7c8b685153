// SPDX-License-Identifier: Apache-2.0
public import KubeClient
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The certificate of a server, with its key, in a directory as a Secret of type `kubernetes.io/tls` is mounted.
///
/// `tls.crt` holds the certificate with its chain and `tls.key` the key, both in PEM form. They are read again while
/// the server runs, and a new pair is used from the next connection on; a pair that does not fit together, as in the
/// middle of being replaced, leaves the old one in use.
public final class ServerCertificate: Sendable {
    private struct Pair: Sendable {
        let chain: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
        let bytes: [UInt8]
    }

    private let directory: String
    private let interval: Duration
    private let current: Mutex<Pair>

    /// Reads the certificate.
    /// - Parameters:
    ///   - directory: where the two files are.
    ///   - interval: how often to look whether they have changed.
    /// - Throws: `KubeError` with the code `configuration`, which names the file.
    public init(directory: String, interval: Duration = .seconds(10)) throws(KubeError) {
        self.directory = directory
        self.interval = interval
        current = Mutex(try Self.read(directory))
    }

    /// Reads the files again and again, until the service is shut down or the task cancelled.
    func follow(logger: Logger) async {
        try? await cancelWhenGracefulShutdown {
            var complaint = ""
            while true {
                try await Task.sleep(for: self.interval)
                do throws(KubeError) {
                    if try self.reload() {
                        logger.info("a new certificate is in use", metadata: ["directory": "\(self.directory)"])
                    }
                    complaint = ""
                } catch {
                    // Once is enough: the files may stay wrong for a long time.
                    if complaint != error.description {
                        logger.error("the certificate cannot be renewed", metadata: ["error": "\(error)"])
                    }
                    complaint = error.description
                }
            }
        }
    }

    /// Reads the files once more.
    /// - Returns: whether they hold another certificate than before.
    func reload() throws(KubeError) -> Bool {
        let pair = try Self.read(directory)
        return current.withLock { current in
            guard current.bytes != pair.bytes else { return false }
            current = pair
            return true
        }
    }

    /// A configuration that asks for the present certificate at each handshake.
    func makeConfiguration() -> TLSConfiguration {
        let pair = current.withLock { $0 }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: pair.chain.map { .certificate($0) },
            privateKey: .privateKey(pair.key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.sslContextCallback = { [self] _, promise in
            let pair = current.withLock { $0 }
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = pair.chain.map { .certificate($0) }
            override.privateKey = .privateKey(pair.key)
            promise.succeed(override)
        }
        return configuration
    }

    private static func read(_ directory: String) throws(KubeError) -> Pair {
        let (certificateFile, keyFile) = ("\(directory)/tls.crt", "\(directory)/tls.key")
        let certificate = try File.read(certificateFile, for: "the server's certificate")
        let key = try File.read(keyFile, for: "the server's key")
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(certificate)
        } catch {
            throw Self.unusable(certificateFile, "it holds no certificate in PEM form")
        }
        guard !chain.isEmpty else {
            throw Self.unusable(certificateFile, "it holds no certificate in PEM form")
        }
        do {
            let key = try NIOSSLPrivateKey(bytes: key, format: .pem)
            let pair = Pair(chain: chain, key: key, bytes: certificate)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
            configuration.minimumTLSVersion = .tlsv12
            // The library finds out whether the two belong together.
            _ = try NIOSSLContext(configuration: configuration)
            return pair
        } catch {
            throw Self.unusable(keyFile, "it does not hold the key of \(certificateFile) in PEM form")
        }
    }

    private static func unusable(_ file: String, _ reason: String) -> KubeError {
        KubeError(code: .configuration, message: "\(file): \(reason)")
    }
}
