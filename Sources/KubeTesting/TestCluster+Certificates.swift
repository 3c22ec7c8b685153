// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

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
        try await OpenSSL.run(
            ["req", "-x509"] + OpenSSL.newKey + [
                "-days", "1", "-config", "\(certificates)/openssl.cnf", "-subj", "/CN=\(user)",
                "-CA", "\(certificates)/ca.crt", "-CAkey", "\(certificates)/ca.key",
                "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=clientAuth",
                "-keyout", "\(directory)/\(name).key", "-out", "\(directory)/\(name).crt",
            ]
        )
    }

    /// Makes an authority that the cluster knows nothing of, and writes its certificate to a file.
    public func makeForeignAuthority(at path: String) async throws {
        try await OpenSSL.run(
            ["req", "-x509"] + OpenSSL.newKey + [
                "-days", "1", "-config", "\(certificates)/openssl.cnf", "-subj", "/CN=foreign",
                "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", "/dev/null", "-out", path,
            ]
        )
    }

    /// Makes a certificate that signs itself, for some hosts.
    /// - Parameters:
    ///   - hosts: its names.
    ///   - days: how long it is valid from now on; negative for one that has expired.
    ///   - directory: where `tls.crt` and `tls.key` are written.
    public func makeServerCertificate(for hosts: [String], days: Int, in directory: String) async throws {
        let (request, extensions) = ("\(directory)/tls.csr", "\(directory)/tls.cnf")
        let names = hosts.map { "DNS:\($0)" }.joined(separator: ",")
        try await OpenSSL.run(
            ["req", "-new"] + OpenSSL.newKey + [
                "-config", "\(certificates)/openssl.cnf", "-subj", "/CN=\(hosts.first ?? "nobody")",
                "-keyout", "\(directory)/tls.key", "-out", request,
            ]
        )
        try Data("subjectAltName=\(names)\n".utf8).write(to: URL(filePath: extensions))
        try await OpenSSL.run([
            "x509", "-req", "-in", request, "-signkey", "\(directory)/tls.key", "-days", "\(days)",
            "-extfile", extensions, "-out", "\(directory)/tls.crt",
        ])
    }
}
