// SPDX-License-Identifier: Apache-2.0

/// Finds the line of a log that says why a process ended.
enum LogLine {
    /// The longest line that is quoted, in characters.
    static let maximumLength = 300

    // From words that a process says once, before it gives up, to words that also stand in harmless lines.
    private static let signs: [PhraseMatcher] = [
        ["fatal", "panic:", "segmentation fault", "out of memory", "unhandled exception", "uncaught"],
        ["error", "exception", "traceback"],
        ["cannot", "could not", "failed", "failure", "refused", "denied", "unable", "not found", "no such"],
    ].map { PhraseMatcher($0) }

    /// What a runtime reports of the program's end; else the line with the strongest sign of trouble, the later one of
    /// equals; else the last line; nil for no lines.
    static func explaining(_ lines: [String]) -> String? {
        let all = cleaned(lines)
        if let report = report(in: all) { return shortened(report) }
        let lines = all.filter { !isNoise($0) }
        for words in signs {
            let match = lines.last { words.matches(anyIn: $0) && !isHarmless($0) }
            if let match { return shortened(match) }
        }
        return lines.last.map(shortened)
    }

    /// What a runtime reports of the program's end, if it does.
    static func report(of lines: [String]) -> String? { report(in: cleaned(lines)) }

    private static func cleaned(_ lines: [String]) -> [String] {
        lines.suffix(LogScan.maximumLines).map { trimmed(LogEntry($0).text) }.filter { !$0.isEmpty }
    }

    /// A line without the times that it begins with, so that every replica says the same.
    static func stable(_ line: String) -> String {
        var rest = line[...]
        while let word = rest.split(separator: " ", maxSplits: 1).first, isTime(word) {
            rest = rest[word.endIndex...].drop(while: \.isWhitespace)
        }
        return StableText.of(rest.isEmpty ? line : String(rest))
    }

    private static func isTime(_ word: Substring) -> Bool {
        let inner = word.filter { !"[]()".contains($0) }
        guard inner.count >= 5, inner.contains(where: { ":-/.".contains($0) }) else { return false }
        return inner.allSatisfy { $0.isNumber || "TZ:-/.,+".contains($0) }
    }

    /// The frames of a stack trace, and what the kubelet says in the place of a log that is gone.
    private static func isNoise(_ line: String) -> Bool {
        isFrame(line) || line.hasPrefix("unable to retrieve container logs")
    }

    /// Whether a line is one of a stack trace.
    static func isFrame(_ line: String) -> Bool {
        let words = line.drop { $0 == " " || $0 == "\t" }
        return words.hasPrefix("at ") || (words.hasPrefix("... ") && words.hasSuffix(" more"))
            || words.hasSuffix(" common frames omitted")
    }

    /// "0 errors" and "no error" are the opposite of a sign.
    static func isHarmless(_ line: String) -> Bool { harmless.matches(anyIn: line) }

    private static let harmless = PhraseMatcher([
        "0 error", "no error", "0 failed", "0 failures", "error: none", "errors: 0", "errors=0",
    ])

    private static func trimmed(_ line: String) -> String {
        let withoutFront = line.drop(while: \.isWhitespace)
        guard let last = withoutFront.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(withoutFront[...last])
    }

    static func shortened(_ line: String) -> String {
        line.count <= maximumLength ? line : line.prefix(maximumLength - 1) + "…"
    }
}
