// SPDX-License-Identifier: Apache-2.0

/// What has to stand in a PEM text.
///
/// libcurl says no more of a wrong one than that something is wrong with a certificate, so this looks first.
package enum PEMBlock: String {
    case certificate = "CERTIFICATE-----"
    case privateKey = "PRIVATE KEY-----"

    /// Refuses a text that cannot be it.
    /// - Parameter origin: what the error calls the text; nothing of the text is in the error.
    func check(_ bytes: [UInt8], _ origin: String) throws(KubeError) {
        let text = String(decoding: bytes, as: UTF8.self)
        let begins = text.split(separator: "\n").contains { line in
            line.hasPrefix("-----BEGIN ") && line[...].trimmed.hasSuffix(rawValue)
        }
        guard !begins else { return }
        throw KubeError(
            code: .configuration,
            message: "\(origin) holds no PEM block that begins with -----BEGIN … \(rawValue)"
        )
    }
}
