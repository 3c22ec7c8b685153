// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Words of the cluster, made the same for every replica and at every moment.
enum StableText {
    /// The most that is quoted, in characters.
    static let maximumLength = 300

    /// The first line of a text without pod names, addresses, identities and times.
    static func of(_ text: String, about name: String = "") -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        var output = ""
        var rest = (name.isEmpty ? line : line.replacing(name, with: "<name>"))[...]
        while let first = rest.first {
            let isWord = isWordCharacter(first)
            let run = rest.prefix { isWordCharacter($0) == isWord }
            rest = rest[run.endIndex...]
            output += isWord ? stable(run) : String(run)
        }
        return output.count <= maximumLength ? output : output.prefix(maximumLength - 1) + "…"
    }

    private static func isWordCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "-.:_".contains(character)
    }

    private static func stable(_ word: Substring) -> String {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 4, parts.dropLast().allSatisfy({ Int($0) != nil }),
            parts[3].prefix(while: \.isNumber).isEmpty == false
        {
            // A port from 32768 on is one that the system picked for this one connection.
            let tail = parts[3].drop(while: \.isNumber)
            let port = tail.dropFirst().prefix(while: \.isNumber)
            let isPicked = tail.first == ":" && (Int(port) ?? 0) >= 32_768
            return "<address>" + (isPicked ? tail.dropFirst(1 + port.count) : tail)
        }
        let hexadecimal = word.filter { $0 != "-" }
        let isIdentity =
            hexadecimal.count >= 12 && hexadecimal.allSatisfy(\.isHexDigit) && hexadecimal.contains(where: \.isNumber)
        return isIdentity ? "<id>" : String(word)
    }
}

extension String {
    /// The text between double quotes that follow a word, as in `secret "db" not found`.
    func quoted(after word: String) -> String? {
        guard let start = firstRange(of: word + "\"")?.upperBound else { return nil }
        let name = self[start...].prefix { $0 != "\"" }
        return name.isEmpty ? nil : String(name)
    }

    /// The word that follows another text, up to a space or comma.
    func word(after text: String) -> String? {
        guard let start = firstRange(of: text)?.upperBound else { return nil }
        let word = self[start...].prefix { !$0.isWhitespace && !",;".contains($0) }
        return word.isEmpty ? nil : String(word)
    }
}
