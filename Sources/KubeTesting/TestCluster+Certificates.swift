// SPDX-License-Identifier: Apache-2.0
import Subprocess

extension TestCluster {
    /// The directory with the cluster's authority (`ca.crt`) and all of its keys.
    public var certificates: String {
        kubeconfig.lastIndex(of: "/").map { "\(kubeconfig[..<$0])/pki" } ?? "pki"
    }

    /// Issues a certificate with which somebody is known to the API server.
    /// - Parameters:
    ///   - user: the user name, as its common name.
    ///   - name: what the files are called.
    ///   - directory: where `NAME.crt` and `NAME.key` are written; existing ones are replaced.
    public func issueCertificate(for user: String, as name: String, in directory: String) async throws {
        try await openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "1",
            "-config",
            "\(certificates)/openssl.cnf",
            "-subj",
            "/CN=\(user)",
            "-CA",
            "\(certificates)/ca.crt",
            "-CAkey",
            "\(certificates)/ca.key",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-addext",
            "extendedKeyUsage=clientAuth",
            "-keyout",
            "\(directory)/\(name).key",
            "-out",
            "\(directory)/\(name).crt"
        )
    }

    /// Makes an authority that the cluster knows nothing of, and writes its certificate to a file.
    public func makeForeignAuthority(at path: String) async throws {
        try await openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "1",
            "-config",
            "\(certificates)/openssl.cnf",
            "-subj",
            "/CN=foreign",
            "-addext",
            "basicConstraints=critical,CA:TRUE",
            "-keyout",
            "/dev/null",
            "-out",
            path
        )
    }

    private func openssl(_ arguments: String...) async throws {
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
}
