// SPDX-License-Identifier: Apache-2.0
import KubeClient
import KubeTesting
import Subprocess
import Testing

@Suite("TLS versions", .timeLimit(.minutes(5)))
struct TLSVersionTests {
    /// Runs `openssl s_server` with one version of TLS, and a client that trusts its certificate.
    private func withTLSServer(
        _ version: String,
        _ body: @Sendable (KubernetesClient) async throws -> Void
    ) async throws {
        let files = try TemporaryFiles()
        try await OpenSSL.makeServerCertificate(in: files.path)
        let (certificate, key) = ("\(files.path)/tls.crt", "\(files.path)/tls.key")
        _ = try await Subprocess.run(
            .name("openssl"),
            arguments: [
                "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-\(version)", "-cipher",
                "DEFAULT:@SECLEVEL=0", "-www",
            ],
            input: .inputWriter,
            output: .sequence,
            error: .discarded
        ) { execution in
            for try await line in execution.standardOutput.strings() {
                // ACCEPT 127.0.0.1:45525
                guard line.hasPrefix("ACCEPT "), let port = line.split(separator: ":").last else { continue }
                var configuration = ClientConfiguration(
                    server: "https://127.0.0.1:\(port)",
                    certificateAuthority: .file(certificate)
                )
                configuration.transport = .withoutRetries
                try await body(try KubernetesClient(configuration: configuration))
                try execution.send(signal: .kill)
                return
            }
        }
    }

    @Test(
        "given a server that speaks TLS 1.2 or 1.3, when a call is made, then it is answered",
        arguments: ["tls1_2", "tls1_3"]
    )
    func current(version: String) async throws {
        try await withTLSServer(version) { client in
            let page = try await client.get(path: "/")
            #expect(!page.isEmpty)
        }
    }

    @Test(
        "given a server that speaks only an older TLS, when a call is made, then it fails with connection",
        arguments: ["tls1_1", "tls1"]
    )
    func outdated(version: String) async throws {
        try await withTLSServer(version) { client in
            let error = try await failure { () async throws(KubeError) in try await client.get(path: "/") }
            #expect(error.code == .connection)
        }
    }
}
