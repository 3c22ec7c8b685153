// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// A certificate that an Ingress or a Gateway serves, without its key.
public struct ServedCertificate: Sendable, Hashable {
    /// The Secret that holds it.
    public var secret: ObjectReference
    /// The Ingress or Gateway that serves it.
    public var user: ObjectReference
    /// Before this it is not valid.
    public var notBefore: Timestamp
    /// After this it is not valid.
    public var notAfter: Timestamp
    /// The hosts that it is served for and does not name.
    public var unnamedHosts: [String]

    /// Describes a certificate.
    public init(
        secret: ObjectReference,
        user: ObjectReference,
        notBefore: Timestamp,
        notAfter: Timestamp,
        unnamedHosts: [String] = []
    ) {
        self.secret = secret
        self.user = user
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.unnamedHosts = unnamedHosts
    }
}
