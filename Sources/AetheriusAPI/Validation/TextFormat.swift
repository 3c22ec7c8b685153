// SPDX-License-Identifier: Apache-2.0

/// A format that texts of the schema have: what the `pattern` of a field states.
///
/// Written as functions on bytes: all the patterns are about ASCII, and this way a check costs no regular expression.
struct TextFormat: Sendable {
    /// The format in words, to follow "allowed is" or "needed is".
    let description: String
    /// Whether the bytes of a text have the format.
    let matches: @Sendable ([UInt8]) -> Bool

    static let dnsLabel = TextFormat(
        description: "a DNS label: lower-case letters, digits and -, with a letter or digit at both ends",
        matches: enclosed(by: isLowerAlphanumeric, inside: "-")
    )

    static let dnsSubdomain = TextFormat(
        description: "lower-case letters, digits, - and ., with a letter or digit at both ends",
        matches: enclosed(by: isLowerAlphanumeric, inside: "-.")
    )

    static let namespacePattern = TextFormat(
        description: "a namespace, with * for any characters",
        matches: enclosed(by: { isLowerAlphanumeric($0) || $0 == UInt8(ascii: "*") }, inside: "-")
    )

    static let toolName = TextFormat(
        description: "lower-case letters, digits, -, _ and ., with a letter or digit at both ends",
        matches: enclosed(by: isLowerAlphanumeric, inside: "-_.")
    )

    static let actionOrAll = TextFormat(
        description: "the name of an action, or a single *",
        matches: { $0.elementsEqual("*".utf8) || toolName.matches($0) }
    )

    static let word = TextFormat(
        description: "letters, digits, -, _ and ., with a letter or digit at both ends",
        matches: enclosed(by: isAlphanumeric, inside: "-_.")
    )

    static let tag = TextFormat(
        description: "letters, digits, -, _, ., : and /, with a letter or digit at both ends",
        matches: enclosed(by: isAlphanumeric, inside: "-_.:/")
    )

    static let secretKey = TextFormat(
        description: "letters, digits, -, _ and .",
        matches: { bytes in !bytes.isEmpty && bytes.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) } }
    )

    static let camelCase = TextFormat(
        description: "CamelCase: a capital letter, then letters and digits",
        matches: { bytes in bytes.first.map(isUpper) == true && bytes.allSatisfy(isAlphanumeric) }
    )

    static let apiVersion = TextFormat(
        description: "an API version such as v1 or apps/v1",
        matches: { bytes in
            let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard let version = parts.last, parts.count <= 2, version.count >= 2, version.first == UInt8(ascii: "v"),
                version.allSatisfy(isLowerAlphanumeric)
            else { return false }
            return parts.count == 1 || dnsSubdomain.matches(Array(parts[0]))
        }
    )

    static let objectName = TextFormat(
        description: "a name without / and white space",
        matches: { bytes in !bytes.isEmpty && bytes.allSatisfy { !isSpace($0) && $0 != UInt8(ascii: "/") } }
    )

    static let ownerName = TextFormat(
        description: "Kind/name, such as Deployment/cart",
        matches: { bytes in
            let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            return parts.count == 2 && camelCase.matches(Array(parts[0])) && objectName.matches(Array(parts[1]))
        }
    )

    static let noSpace = TextFormat(
        description: "a text without white space",
        matches: { bytes in !bytes.isEmpty && !bytes.contains(where: isSpace) }
    )

    static let sha256 = TextFormat(
        description: "64 hexadecimal digits in lower case",
        matches: { bytes in bytes.count == 64 && bytes.allSatisfy("0123456789abcdef".utf8.contains) }
    )

    /// The pattern `^[e]([ei]*[e])?$`: bytes of the sort `isEnd`, and between two of them some others.
    private static func enclosed(
        by isEnd: @escaping @Sendable (UInt8) -> Bool,
        inside others: String
    ) -> @Sendable ([UInt8]) -> Bool {
        { bytes in
            guard let first = bytes.first, let last = bytes.last else { return false }
            return isEnd(first) && isEnd(last) && bytes.allSatisfy { isEnd($0) || others.utf8.contains($0) }
        }
    }
}
