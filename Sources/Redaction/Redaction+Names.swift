// SPDX-License-Identifier: Apache-2.0

extension Redaction {
    private static let secretWords = [
        "password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "credential", "authorization",
        "cookie", "signature", "apikey", "accesskey", "privatekey", "accountkey", "sharedkey", "encryptionkey",
        "signingkey", "masterkey", "sessionkey", "authkey", "sshkey", "licensekey", "connectionstring", "sessionid",
    ].map { Array($0.utf8) }
    /// Names that are secret only if they are all of the name, or its last part.
    private static let secretParts = Set(
        ["pass", "auth", "sig", "psk", "pin", "jwt", "dsn", "otp"].map { Array($0.utf8) }
    )
    /// Names that speak of a secret but have the name of one, or a number, as their value.
    private static let harmlessNames = Set(
        [
            "secretname", "secretref", "secretkeyref", "imagepullsecrets", "tokenexpirationseconds",
            "serviceaccounttoken", "secretproviderclass", "maxtokens", "tokensused", "automountserviceaccounttoken",
        ].map { Array($0.utf8) }
    )

    /// Whether a name speaks of a secret.
    ///
    /// Capitals and whatever is neither letter nor digit make no difference: `API_KEY`, `apiKey` and `api-key` are one.
    public static func isSecretName(_ word: Substring) -> Bool {
        // Bytes will do, since all these words are ASCII; but a few other letters are their capitals.
        guard word.utf8.allSatisfy({ $0 < 0x80 }) else {
            return isSecret(Array(word.lowercased().filter { $0.isASCII || $0.isLetter || $0.isNumber }.utf8))
        }
        var word = word
        return word.withUTF8 { isSecret($0.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }) }
    }

    /// - Parameter name: the name without capitals.
    private static func isSecret(_ name: [UInt8]) -> Bool {
        let plain = name.filter(isPartOfName)
        guard !harmlessNames.contains(plain) else { return false }
        if secretWords.contains(where: { plain.contains($0) }) { return true }
        return name.split(whereSeparator: { !isPartOfName($0) }).last.map { secretParts.contains(Array($0)) } ?? false
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x80...: true
        default: false
        }
    }
}

extension [UInt8] {
    /// Whether a pattern stands anywhere in these bytes.
    fileprivate func contains(_ pattern: [UInt8]) -> Bool {
        guard count >= pattern.count else { return false }
        return (0...(count - pattern.count)).contains { start in
            self[start] == pattern[0] && self[start..<start + pattern.count].elementsEqual(pattern)
        }
    }
}
