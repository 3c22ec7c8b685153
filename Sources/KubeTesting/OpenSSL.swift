// SPDX-License-Identifier: Apache-2.0
import Subprocess

/// The program openssl, which makes keys and certificates for tests.
package enum OpenSSL {
    /// What asks for a new key and says what sort, without a password.
    static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    static func run(_ arguments: [String]) async throws {
        let result = try await Subprocess.run(
            .name("openssl"),
            arguments: Arguments(arguments),
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw TestClusterError(message: "openssl: \(result.standardError)")
        }
    }

    /// Makes a certificate that signs itself, for a server at 127.0.0.1.
    /// - Parameters:
    ///   - name: its common name.
    ///   - directory: where `tls.crt` and `tls.key` are written; existing ones are replaced.
    package static func makeServerCertificate(named name: String = "test", in directory: String) async throws {
        try await run(
            ["req", "-x509"] + newKey + [
                "-days", "1", "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1",
                "-keyout", "\(directory)/tls.key", "-out", "\(directory)/tls.crt",
            ]
        )
    }
}
