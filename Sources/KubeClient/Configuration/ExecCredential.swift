// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

/// What an exec plugin printed: the `status` of an `ExecCredential`.
struct ExecCredential: Sendable, Hashable {
    /// A bearer token; nil if there is only a certificate.
    var token: String?
    /// Certificate and key in PEM form; nil if there is only a token.
    var certificate: [UInt8]?
    var key: [UInt8]?
    /// When it has to be asked for anew; nil if only a 401 tells.
    var expiration: Timestamp?

    func isValid(at now: Timestamp) -> Bool { expiration.map { now < $0 } ?? true }

    /// A configuration that proves itself with this.
    func applied(to configuration: ClientConfiguration) -> ClientConfiguration {
        var configuration = configuration
        configuration.credentials = token.map { .token($0) } ?? .none
        if let certificate, let key {
            configuration.clientCertificate = .init(certificate: .data(certificate), key: .data(key))
        }
        return configuration
    }
}

extension ExecCredential {
    /// Reads what a plugin printed.
    ///
    /// Errors quote nothing of it: whatever it is, it may hold the credential.
    init(printed bytes: [UInt8], by plugin: ExecPlugin) throws(KubeError) {
        let answer: JSONValue
        do throws(JSONError) {
            answer = try JSON.decode(from: bytes, mode: .strict)
        } catch {
            let expected = "expected an ExecCredential of \(plugin.apiVersion) in JSON"
            guard !bytes.isEmpty else { throw plugin.failure("printed nothing: \(expected)") }
            throw plugin.failure("printed what is no JSON at byte \(error.offset): \(expected)")
        }
        guard answer["kind"]?.stringValue == "ExecCredential" else {
            throw plugin.failure("printed an object that is not of the kind ExecCredential")
        }
        guard answer["apiVersion"]?.stringValue == plugin.apiVersion else {
            let found = ExecPlugin.supportedVersions.first { $0 == answer["apiVersion"]?.stringValue }
            throw plugin.failure(
                "printed an ExecCredential of \(found ?? "another apiVersion"), expected \(plugin.apiVersion) as its "
                    + "apiVersion in the kubeconfig says"
            )
        }
        guard let status = answer["status"], status.objectValue != nil else {
            throw plugin.failure("printed an ExecCredential without a status")
        }
        try self.init(status: status, plugin)
    }

    private init(status: JSONValue, _ plugin: ExecPlugin) throws(KubeError) {
        func text(_ key: String) throws(KubeError) -> String? {
            guard let value = status[key], value != .null else { return nil }
            guard let text = value.stringValue else {
                throw plugin.failure("printed a status.\(key) that is no string")
            }
            return text.isEmpty ? nil : text
        }
        token = try text("token")
        if let token { _ = try BearerToken(token, from: "the status.token that \(plugin) printed") }
        certificate = try text("clientCertificateData").map { Array($0.utf8) }
        key = try text("clientKeyData").map { Array($0.utf8) }
        guard (certificate == nil) == (key == nil) else {
            throw plugin.failure("printed only one of status.clientCertificateData and status.clientKeyData")
        }
        guard token != nil || certificate != nil else {
            throw plugin.failure("printed a status with neither a token nor clientCertificateData and clientKeyData")
        }
        if let certificate, let key {
            try PEMBlock.certificate.check(certificate, "the status.clientCertificateData that \(plugin) printed")
            try PEMBlock.privateKey.check(key, "the status.clientKeyData that \(plugin) printed")
        }
        guard let end = try text("expirationTimestamp") else { return }
        guard let moment = Timestamp(end) else {
            throw plugin.failure("printed a status.expirationTimestamp that is no RFC 3339 time")
        }
        expiration = moment
    }
}

extension ExecCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "credential" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
