// SPDX-License-Identifier: Apache-2.0

extension TextFormat {
    /// A URL that begins with one of some schemes, and goes on without white space.
    static func url(_ schemes: String...) -> TextFormat {
        let beginnings = schemes.map { "\($0)://" }
        return TextFormat(
            description: "a URL that begins with " + beginnings.joined(separator: " or "),
            matches: { bytes in
                beginnings.contains { beginning in
                    bytes.count > beginning.utf8.count && bytes.starts(with: beginning.utf8)
                        && !bytes.dropFirst(beginning.utf8.count).contains(where: isSpace)
                }
            }
        )
    }

    static let httpsURL = url("https")
    static let proxyURL = url("http", "https", "socks5")
    static let webURL = url("http", "https")

    /// US dollars: 1 to 6 digits, and up to 4 after a point.
    static let dollars = TextFormat(
        description: "a decimal number such as 0.50, with up to 6 digits before the point and 4 after it",
        matches: { bytes in
            let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { return false }
            return parts[0].count <= 6 && (parts.count == 1 || parts[1].count <= 4)
        }
    )

    /// A Kubernetes quantity without a minus sign.
    static let quantity = TextFormat(
        description: "a quantity such as 100m, 0.5 or 128Mi",
        matches: { bytes in
            var rest = bytes[...]
            func digits() -> Int {
                let count = rest.prefix(while: isDigit).count
                rest.removeFirst(count)
                return count
            }
            if rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            let whole = digits()
            var fraction = 0
            if rest.first == UInt8(ascii: ".") {
                rest.removeFirst()
                fraction = digits()
            }
            guard whole + fraction > 0 else { return false }
            guard let unit = rest.popFirst() else { return true }
            if "KMGTPE".utf8.contains(unit), rest.elementsEqual("i".utf8) { return true }
            if "numkMGTPE".utf8.contains(unit), rest.isEmpty { return true }
            guard unit | 0x20 == UInt8(ascii: "e") else { return false }
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            return digits() > 0 && rest.isEmpty
        }
    )

    /// Base64 with padding; line ends are skipped.
    static let base64 = TextFormat(
        description: "base64",
        matches: { bytes in
            let bytes = bytes.filter { $0 != 0x0A && $0 != 0x0D }
            let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
            return bytes.count % 4 == 0 && padding <= 2
                && bytes.dropLast(padding).allSatisfy { isAlphanumeric($0) || "+/".utf8.contains($0) }
        }
    )
}

func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }

func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
}

func isAlphanumeric(_ byte: UInt8) -> Bool { isLowerAlphanumeric(byte) || isUpper(byte) }

/// What `\s` means in the schema's patterns: tab, line feed, form feed, carriage return and space.
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D }
