// SPDX-License-Identifier: Apache-2.0

/// Goes through a text word by word and replaces values that follow a telling name, and words that are credentials.
struct ValueRedactor {
    private(set) var redacted = ""
    private var rest: Substring

    /// What programs say of a secret instead of it, as in "using password: YES" or "API_TOKEN: unbound variable".
    private static let harmlessValues: Set<String> = [
        "yes", "no", "true", "false", "null", "nil", "none", "parameter", "unbound", "missing", "required", "field",
        "unset", "undefined", "invalid", "empty", "not", "is", "must", "cannot",
    ]
    /// The longest user and password that is looked for after `-u`, in characters.
    private static let maximumUser = 1024

    init(_ text: String) {
        rest = text[...]
        while true {
            skipHarmless()
            guard let first = rest.first else { return }
            if Self.isSeparator(first) {
                redacted.append(rest.removeFirst())
            } else {
                takeWord()
            }
        }
    }

    private static func isSeparator(_ character: Character) -> Bool {
        // Nearly all are ASCII, and then the byte tells faster.
        guard let byte = character.utf8.first, byte < 0x80 else { return character.isWhitespace }
        return separators[Int(byte)]
    }

    private static let separators = (0..<128).map { byte in
        byte == 0x20 || (0x09...0x0D).contains(byte) || "=:,;\"'`()[]{}<>&|\\?".utf8.contains(UInt8(byte))
    }

    /// Writes the words and separators up to the next word that has to be looked at as it is.
    ///
    /// That is one in which something may be secret, or one with letters beyond ASCII: among those are other spaces.
    private mutating func skipHarmless() {
        let count = rest.withUTF8 { bytes in
            var index = 0
            while index < bytes.count {
                if bytes[index] < 0x80, Self.separators[Int(bytes[index])] {
                    index += 1
                    continue
                }
                var end = index
                while end < bytes.count, bytes[end] < 0x80, !Self.separators[Int(bytes[end])] { end += 1 }
                if end < bytes.count, bytes[end] >= 0x80 { break }
                if RedactionFilter.passes(UnsafeBufferPointer(rebasing: bytes[index..<end])) { break }
                index = end
            }
            return index
        }
        guard count > 0 else { return }
        let end = rest.utf8.index(rest.startIndex, offsetBy: count)
        redacted += rest[..<end]
        rest = rest[end...]
    }

    private mutating func takeWord() {
        let word = rest.prefix { !Self.isSeparator($0) }
        rest = rest[word.endIndex...]
        guard RedactionFilter.passes(word) else {
            redacted += word
            return
        }
        write(word)
        let lowered = word.lowercased()
        let gap = rest.prefix(while: Self.isSeparator)
        let next = rest[gap.endIndex...].prefix { !Self.isSeparator($0) }
        if lowered == "bearer" && !gap.isEmpty || lowered == "basic" && Redaction.isBasicCredential(next) {
            redactValue(after: gap)
        } else if lowered == "-u" || lowered == "--user", next.endIndex < rest.endIndex, hasColon(after: gap) {
            redactValue(after: gap)
        } else if Redaction.isSecretName(word) {
            takeSecret(named: lowered, gap, next)
        }
    }

    private mutating func write(_ word: Substring) {
        if Redaction.isCredential(word) {
            redacted += Redaction.placeholder
        } else if let path = Redaction.webhookPaths.lazy.compactMap({ word.firstRange(of: $0) }).first,
            path.upperBound < word.endIndex
        {
            redacted += word[..<path.upperBound]
            redacted += Redaction.placeholder
        } else {
            redacted += word
        }
    }

    private func hasColon(after gap: Substring) -> Bool {
        rest[gap.endIndex...].prefix(Self.maximumUser).prefix { !$0.isWhitespace && $0 != "\"" }.contains(":")
    }

    private mutating func takeSecret(named name: String, _ gap: Substring, _ next: Substring) {
        let isAssigned = gap.contains { "=:".contains($0) }
        if isAssigned, name.hasSuffix("authorization") || name.hasSuffix("cookie") {
            redactHeader(after: gap, next)
            return
        }
        // {"name": "DB_PASSWORD", "value": "…"}: the name is itself a value.
        if !gap.isEmpty, next.lowercased() == "value" {
            let end = rest[next.endIndex...].prefix(while: Self.isSeparator)
            guard end.contains(where: { "=:".contains($0) }) else { return }
            redacted += rest[..<end.startIndex]
            rest = rest[end.startIndex...]
            redactValue(after: end)
            return
        }
        if name == "auth", gap.allSatisfy({ $0 == " " }), next == "default" {
            redacted += rest[..<next.endIndex]
            rest = rest[next.endIndex...]
            redactValue(after: rest.prefix(while: Self.isSeparator))
            return
        }
        // In a sentence ("the password is wrong") nothing that has to be hidden follows.
        guard isAssigned || (name.hasPrefix("-") && !gap.isEmpty) || Redaction.isRandom(next) else { return }
        redactValue(after: gap)
    }

    /// Redacts a header's value: one word after a scheme that is known, else all of it.
    private mutating func redactHeader(after gap: Substring, _ scheme: Substring) {
        let gap = Self.writing(of: gap)
        redacted += gap
        rest = rest[gap.endIndex...]
        if ["bearer", "basic"].contains(scheme.lowercased()), rest.hasPrefix(scheme) {
            redacted += scheme
            rest = rest[scheme.endIndex...]
            redactValue(after: rest.prefix(while: Self.isSeparator))
            return
        }
        // Only a header that stands in quotes is known to end before its line does.
        let quote = gap.last.flatMap { "\"'`".contains($0) ? $0 : nil }
        let value = rest.prefix { $0 != "\n" && $0 != quote }
        rest = rest[value.endIndex...]
        if !value.isEmpty { redacted += Redaction.placeholder }
    }

    /// Writes what stands between a name and its value, and a placeholder for the value.
    private mutating func redactValue(after gap: Substring) {
        let gap = Self.writing(of: gap)
        redacted += gap
        rest = rest[gap.endIndex...]
        let value = Self.value(rest, quote: gap.last, isEscaped: gap.dropLast().last == "\\")
        guard !value.isEmpty, !Self.harmlessValues.contains(value.lowercased().trimmedOfBrackets) else { return }
        redacted += Redaction.placeholder
        rest = rest[value.endIndex...]
    }

    /// The part of a gap that belongs to the writing of an assignment or a list: a value may begin with any other
    /// character.
    private static func writing(of gap: Substring) -> Substring {
        let assignment = gap.lastIndex { "=:".contains($0) }
        let start = assignment.map { gap.index(after: $0) } ?? gap.startIndex
        let separators = assignment == nil ? "\"'`\\," : "\"'`\\"
        let quotes = gap[start...].prefix { $0.isWhitespace || separators.contains($0) }
        return gap[..<quotes.endIndex]
    }

    private static func value(_ rest: Substring, quote: Character?, isEscaped: Bool) -> Substring {
        if let quote, "\"'`".contains(quote) {
            var end = rest.startIndex
            var previous: Character?
            while end < rest.endIndex, rest[end] != "\n" {
                if rest[end] == quote, isEscaped || previous != "\\" { break }
                previous = previous == "\\" && rest[end] == "\\" ? nil : rest[end]
                end = rest.index(after: end)
            }
            // The backslash of the closing quote belongs to the quote.
            if isEscaped, end < rest.endIndex, end > rest.startIndex, rest[rest.index(before: end)] == "\\" {
                end = rest.index(before: end)
            }
            return rest[..<end]
        }
        // A separator ends the value only if another name follows; otherwise it may be part of a password.
        var end = rest.startIndex
        while end < rest.endIndex, !endsWord(rest[end]) {
            if "&;,".contains(rest[end]) {
                let following = rest[rest.index(after: end)...]
                let name = following.prefix { $0.isLetter || $0.isNumber || "_-.".contains($0) }
                let sign = following[name.endIndex...].first
                if following.first.map(endsWord) ?? true || (!name.isEmpty && (sign == "=" || sign == ":")) { break }
            }
            end = rest.index(after: end)
        }
        return rest[..<end]
    }

    private static func endsWord(_ character: Character) -> Bool {
        character.isWhitespace || "\"'`".contains(character)
    }
}

extension String {
    /// Without brackets and marks at its end, as in `YES)`.
    fileprivate var trimmedOfBrackets: String {
        var text = self[...]
        while let last = text.last, ")]}.,;".contains(last) { text.removeLast() }
        return String(text)
    }
}
