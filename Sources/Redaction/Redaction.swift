// SPDX-License-Identifier: Apache-2.0

/// The one rule for what must not leave a cluster with the evidence.
///
/// Replaced by `[redacted]` are:
/// - the value after a name that speaks of a secret, in the forms that programs write it: `password=…`,
///   `"apiKey": "…"`, `--token …`, `["--password", "…"]`, `{"name": "DB_PASSWORD", "value": "…"}`, `Pwd=…;`;
/// - what follows `Authorization:`, and all of `Cookie:` and `Set-Cookie:`;
/// - user and password in a URL or a data source name, as in `postgres://user:…@host` and `user:…@tcp(host)/db`;
/// - what looks like a credential by its form: JSON Web Tokens, private keys in PEM over any number of lines, keys of
///   well-known services and the addresses of their webhooks, `Basic` with a user and password in base64, long random
///   base64, what is long and random after a name that speaks of a secret;
/// - the password of a `mysql -p…`, and that of Redis' `AUTH default …`.
///
/// The time is linear in the length of the text, whatever it is.
///
/// A word too much is the lesser evil: a reader can look the value up, but nobody can take it back.
public enum Redaction {
    /// What stands in the place of a secret.
    public static let placeholder = "[redacted]"

    /// Redacts a text of any number of lines.
    public static func redact(_ text: String) -> String {
        // Nothing that it looks for goes over several lines: the text passes if, and only if, one of them does.
        guard RedactionFilter.passes(text) else { return text }
        return redact(lines: text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init))
            .joined(separator: "\n")
    }

    /// Redacts lines that belong together, such as those of a log: a secret may go over several of them.
    public static func redact(lines: [String]) -> [String] {
        let passes = lines.map(RedactionFilter.passes)
        guard passes.contains(true) else { return lines }
        let hasKey = lines.indices.contains { passes[$0] && RedactionFilter.contains(lines[$0], privateKey) }
        guard hasKey else { return redact(lines, passes) }
        let others = withoutPrivateKeys(lines)
        return redact(others, others.map(RedactionFilter.passes))
    }

    /// - Parameter passes: whether each line may be secret, or announce a secret.
    private static func redact(_ lines: [String], _ passes: [Bool]) -> [String] {
        var output: [String] = []
        var index = 0
        while index < lines.count {
            guard passes[index] else {
                output.append(lines[index])
                index += 1
                continue
            }
            // A name may announce a value that stands in one of the next lines.
            var end = index + 1
            while end < lines.count, passes[max(index, end - 2)..<end].contains(true) { end += 1 }
            let text = lines[index..<end].map { redactClientPasswords(redactUsers($0)) }.joined(separator: "\n")
            output += ValueRedactor(text).redacted.utf8
                .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(Substring($0)) }
            index = end
        }
        return output
    }

    // MARK: Private keys

    private static let privateKey = Array("PRIVATE KEY".utf8)

    /// Puts one placeholder in the place of each private key.
    ///
    /// The end of a log may begin in the middle of one.
    private static func withoutPrivateKeys(_ lines: [String]) -> [String] {
        var output: [String] = []
        var isInside = false
        for line in lines {
            let isMark = RedactionFilter.contains(line, privateKey)
            let begins = isMark && line.contains("-----BEGIN")
            let ends = isMark && line.contains("-----END")
            switch (begins, ends) {
            case (true, _):
                output.append(placeholder)
                isInside = !ends
            case (false, true):
                if !isInside {
                    while let last = output.last, isBase64(last.drop(while: \.isWhitespace)) { output.removeLast() }
                    output.append(placeholder)
                }
                isInside = false
            case (false, false):
                // A key's own lines have no spaces in them: a line of words ends one that was cut off.
                let isText = isInside && line.drop(while: \.isWhitespace).contains(" ") && !line.contains(": ")
                if isText { isInside = false }
                if !isInside { output.append(line) }
            }
        }
        return output
    }

    // MARK: Users

    /// Cuts user and password out of every URL and data source name.
    private static func redactUsers(_ line: String) -> String {
        guard line.utf8.contains(UInt8(ascii: "@")) else { return line }
        var output = ""
        var rest = line[...]
        while let first = rest.first {
            let isBoundary = first.isWhitespace || "\"'`<>".contains(first)
            let run = rest.prefix { ($0.isWhitespace || "\"'`<>".contains($0)) == isBoundary }
            rest = rest[run.endIndex...]
            if isBoundary { output += run } else { redactUsers(in: run, into: &output) }
        }
        return output
    }

    /// Writes a word without the users and passwords of the addresses in it, one address after the other.
    private static func redactUsers(in word: Substring, into output: inout String) {
        var rest = word
        while let scheme = rest.firstRange(of: "://") {
            let tail = rest[scheme.upperBound...]
            var authority = tail.prefix { !"/?#".contains($0) }
            // A password that nobody has escaped may hold any of these; a port is a number.
            let port = authority.split(separator: ":", omittingEmptySubsequences: false).dropFirst().last
            if !authority.contains("@"), let port, !port.isEmpty, port.contains(where: { !$0.isNumber }),
                !authority.hasPrefix("[")
            {
                authority = tail
            }
            // A password may hold an @ itself: the last one ends it.
            guard let at = authority.lastIndex(of: "@") else {
                output += rest
                return
            }
            output += rest[..<scheme.upperBound]
            output += placeholder + "@"
            rest = rest[rest.index(after: at)...]
        }
        // "user:password@tcp(host:3306)/db"; but "name:tag@sha256:…" is an image.
        guard let at = rest.lastIndex(of: "@"), let colon = rest.firstIndex(of: ":"), colon < at,
            colon > rest.startIndex, !rest[..<colon].contains("/"),
            !rest[rest.index(after: at)...].hasPrefix("sha256:")
        else {
            output += rest
            return
        }
        let name = rest[..<colon].lastIndex { !($0.isLetter || $0.isNumber || "_.-%".contains($0)) }
        let start = name.map { rest.index(after: $0) } ?? rest.startIndex
        output += start < colon ? rest[..<start] + placeholder + rest[at...] : rest
    }

    // MARK: Programs

    /// Hides the password that the clients of MySQL take right behind `-p`.
    private static func redactClientPasswords(_ line: String) -> String {
        guard clients.contains(where: { RedactionFilter.contains(line, $0) }), line.contains(" -p") else { return line }
        var isArgument = false
        return line.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let program = word.split(separator: "/").last ?? word
            isArgument = isArgument || program.hasPrefix("mysql") || program.hasPrefix("mariadb")
            let isPassword = isArgument && word.hasPrefix("-p") && word.utf8.count > 5 && !word.contains("=")
            return isPassword ? "-p" + word.dropFirst(2).prefix { "'\"".contains($0) } + placeholder : word
        }.joined(separator: " ")
    }

    private static let clients = [Array("mysql".utf8), Array("mariadb".utf8)]

    // MARK: Forms

    static let credentialPrefixes = [
        "eyJ", "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "glpat-", "glrt-", "xoxb-", "xoxp-", "xoxa-",
        "xoxs-", "xapp-", "AKIA", "ASIA", "AIza", "ya29.", "GOCSPX-", "sk-", "sk_live_", "rk_live_", "whsec_",
        "dckr_pat_", "npm_", "hf_", "SG.", "pypi-", "shpat_", "dop_v1_", "hvs.", "AGE-SECRET-KEY-",
    ]

    /// Whether a word is a credential by its form.
    static func isCredential(_ word: Substring) -> Bool {
        guard word.count >= 16 else { return false }
        let parts = word.split(separator: "/")
        if parts.contains(where: { part in
            part.count >= 16 && credentialPrefixes.contains { part.hasPrefix($0) }
        }) {
            return true
        }
        // The secret halves of cloud keys have no prefix. Digests are hexadecimal, paths have other characters.
        guard word.count == 40 || word.count >= 64, isBase64(word), !word.allSatisfy(\.isHexDigit) else { return false }
        return word.contains(where: \.isUppercase) && word.contains(where: \.isLowercase)
            && word.contains(where: \.isNumber)
    }

    /// What stands before the secret part of an address that everybody who knows it may post to.
    static let webhookPaths = [
        "hooks.slack.com/services/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/",
    ]

    /// Whether a word is so long and mixed that only a machine can have made it up.
    static func isRandom(_ word: Substring) -> Bool {
        guard word.utf8.count >= 24, isBase64(word), word.contains(where: \.isNumber) else { return false }
        if word.allSatisfy(\.isHexDigit) { return word.utf8.count >= 32 && word.contains(where: \.isLetter) }
        return word.contains(where: \.isUppercase) && word.contains(where: \.isLowercase)
    }

    static func isBase64(_ text: Substring) -> Bool {
        text.count >= 16 && text.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "+/=".contains($0) }
    }

    /// Whether a word is base64 for `user:password`.
    static func isBasicCredential(_ word: Substring) -> Bool {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits = 0
        var count = 0
        var bytes: [UInt8] = []
        for character in word {
            guard let value = alphabet.firstIndex(of: character) else { return false }
            bits = (bits << 6 | value) & 0xFFFF
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        return bytes.contains(UInt8(ascii: ":")) && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
