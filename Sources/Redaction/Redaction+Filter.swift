// SPDX-License-Identifier: Apache-2.0

/// Tells quickly which lines cannot hold a secret: nearly all of a log.
///
/// It may be wrong in one direction only. Whatever the rule hides stands in a line that passes here, or in one of the
/// two after it.
enum RedactionFilter {
    private static let stems = [
        "pass", "pwd", "secret", "token", "credential", "authorization", "cookie", "signature", "key", "key-",
        "connection", "session", "auth", "sig", "psk", "pin", "jwt", "dsn", "otp", "bearer", "basic", "-u", "@",
        "mysql", "mariadb", "hooks",
    ]
    private static let table: [[[UInt8]]] = {
        var table = [[[UInt8]]](repeating: [], count: 256)
        for stem in stems { table[Int(Array(stem.utf8)[0])].append(Array(stem.utf8)) }
        return table
    }()
    private static let prefixes: [[[UInt8]]] = {
        var table = [[[UInt8]]](repeating: [], count: 256)
        for prefix in Redaction.credentialPrefixes { table[Int(Array(prefix.utf8)[0])].append(Array(prefix.utf8)) }
        return table
    }()

    /// For each two bytes, at the place of the one and the other side by side, whether a pattern begins with them.
    ///
    /// Of an ordinary text only one place in ten has to be looked at any closer.
    private static let beginnings: [Bool] = {
        var beginnings = [Bool](repeating: false, count: 1 << 16)
        for first in 0..<256 {
            for pattern in table[first] + prefixes[first] {
                let followers = pattern.count > 1 ? capitals(Int(pattern[1])) : Array(0..<256)
                for first in capitals(first) {
                    for second in followers { beginnings[first * 256 + second] = true }
                }
            }
        }
        return beginnings
    }()

    /// A byte, and its capital if it is a small letter.
    private static func capitals(_ byte: Int) -> [Int] {
        (0x61...0x7A).contains(byte) ? [byte, byte - 0x20] : [byte]
    }

    /// Whether something in a line may be secret, or announce a secret.
    static func passes(_ line: String) -> Bool { passes(line[...]) }

    /// Whether a word may be secret, or announce a secret.
    static func passes(_ line: Substring) -> Bool {
        var line = line
        return line.withUTF8 { passes($0) }
    }

    /// Whether a word, or a line, in UTF-8 may be secret, or announce a secret.
    static func passes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        beginnings.withUnsafeBufferPointer { passes(bytes, $0) }
    }

    private static func passes(_ bytes: UnsafeBufferPointer<UInt8>, _ beginnings: UnsafeBufferPointer<Bool>) -> Bool {
        var run = 0
        for index in bytes.indices {
            let byte = bytes[index]
            // The secret halves of keys, in base64.
            run = isBase64(byte) ? run + 1 : 0
            if run >= 40 { return true }
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            guard beginnings[Int(byte) * 256 + Int(next)] else { continue }
            let lowered = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            for stem in table[Int(lowered)] where matches(bytes, index, stem, ignoringCase: true) { return true }
            for prefix in prefixes[Int(byte)] where matches(bytes, index, prefix, ignoringCase: false) { return true }
        }
        return false
    }

    /// Whether these bytes stand in a line.
    static func contains(_ line: String, _ pattern: [UInt8]) -> Bool {
        var line = line
        return line.withUTF8 { bytes in
            bytes.indices.contains { matches(bytes, $0, pattern, ignoringCase: false) }
        }
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
        default: false
        }
    }

    private static func matches(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ pattern: [UInt8],
        ignoringCase: Bool
    ) -> Bool {
        guard start + pattern.count <= bytes.count else { return false }
        for offset in pattern.indices {
            let byte = bytes[start + offset]
            let folded = ignoringCase && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            guard folded == pattern[offset] else { return false }
        }
        return true
    }
}
