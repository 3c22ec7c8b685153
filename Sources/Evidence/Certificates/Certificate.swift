// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import KubeAPI

/// The first certificate of a PEM file: what OpenSSL says of it.
struct Certificate {
    /// Before this it is not valid.
    let notBefore: Timestamp
    /// After this it is not valid.
    let notAfter: Timestamp
    /// The hosts among those that were asked about which it does not name.
    let unnamedHosts: [String]

    /// Reads a certificate; nil if there is none.
    /// - Parameters:
    ///   - pem: the file.
    ///   - hosts: what it is served for.
    init?(pem: [UInt8], hosts: [String]) {
        guard let file = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return nil }
        defer { BIO_free(file) }
        guard let certificate = PEM_read_bio_X509(file, nil, nil, nil) else { return nil }
        defer { X509_free(certificate) }
        guard let start = Self.time(X509_get0_notBefore(certificate)),
            let end = Self.time(X509_get0_notAfter(certificate))
        else { return nil }
        notBefore = start
        notAfter = end
        unnamedHosts = hosts.filter { host in
            // A wildcard host is named if a host of its kind would be.
            let asked = host.hasPrefix("*.") ? "wildcard" + host.dropFirst() : host
            return X509_check_host(certificate, asked, asked.utf8.count, 0, nil) != 1
        }
    }

    private static func time(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp? {
        var days: Int32 = 0
        var seconds: Int32 = 0
        // The difference is exact, whatever zone the machine is in.
        guard let time, let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_STRING_free(epoch) }
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Timestamp(seconds: Int64(days) * 86_400 + Int64(seconds))
    }
}
