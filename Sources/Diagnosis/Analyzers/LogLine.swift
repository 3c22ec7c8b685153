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
    ///
    /// A line which says no more than that the program ends yields to the nearest one before it.
    static func explaining(_ lines: [String]) -> String? {
        let all = cleaned(lines)
        if let report = report(in: all) { return shortened(report.text) }
        let words = all.indices.filter { !isNoise(at: $0, in: all) }.map { all[$0] }
        // What a program calls information may quote what others said; it counts if nothing else tells.
        let levels = levels(of: lines)
        for isLoud in [true, false] {
            for index in signs.indices {
                let match = words.lastIndex { line in
                    guard isLoud else { return hasSign(atMost: index, line) }
                    let level = levels[line]
                    return level != .informative
                        && (hasSign(atMost: index, line) || level.map { $0 >= loudness[index] } ?? false)
                }
                guard let match else { continue }
                return shortened(saysOnlyThatItEnds(words[match]) ? better(than: match, in: words) : words[match])
            }
        }
        return words.last.map(shortened)
    }

    /// From which level on a line is as good as one with a sign of each strength.
    private static let loudness: [LogLevel] = [.fatal, .error, .error]

    /// How grave the lines say that they are, those that do.
    private static func levels(of lines: [String]) -> [String: LogLevel] {
        var levels: [String: LogLevel] = [:]
        for line in lines.suffix(LogScan.maximumLines) {
            let entry = LogEntry(line)
            if let level = entry.level { levels[trimmed(entry.text)] = level }
        }
        return levels
    }

    private static func hasSign(atMost strength: Int, _ line: String) -> Bool {
        !isHarmless(line) && signs[...strength].contains { $0.matches(anyIn: line) }
    }

    /// Whether a line speaks of an error, and not only of something that does not work.
    static func isError(_ line: String) -> Bool { hasSign(atMost: 1, line) && !saysOnlyThatItEnds(line) }

    // Words that tell of a fault only because the program gives up next.
    private static let milder = PhraseMatcher([
        "unknown", "unrecognized", "unrecognised", "invalid", "illegal", "can't", "not allowed", "not supported",
        "missing", "mismatch", "corrupt", "bad ", "[alert]", "critical",
    ])

    /// The nearest line before one of general words that has a sign of trouble, else the nearest one with a milder word.
    private static func better(than index: Int, in words: [String]) -> String {
        let before = words[..<index].suffix(20).filter { !saysOnlyThatItEnds($0) }
        return before.last { hasSign(atMost: signs.count - 1, $0) } ?? before.last(where: milder.matches(anyIn:))
            ?? words[index]
    }

    /// What a runtime reports of the program's end, if it does.
    static func report(of lines: [String]) -> String? { report(in: cleaned(lines))?.text }

    /// The end of a log, without what loggers put around the words, and without empty lines.
    static func cleaned(_ lines: [String]) -> [String] {
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

    /// The frames of a stack trace, the source that a runtime shows, and what the kubelet says in the place of a log
    /// that is gone.
    private static func isNoise(at index: Int, in lines: [String]) -> Bool {
        let line = lines[index]
        return isFrame(line) || isMark(line) || (index + 1 < lines.count && isMark(lines[index + 1]))
            || line.hasPrefix("unable to retrieve container logs")
            || line.hasPrefix("CallStack (from ") || line.hasPrefix("Current stack trace")
    }

    /// Whether a line only points at a place in the line before it, which then is source.
    private static func isMark(_ line: String) -> Bool {
        line.utf8.contains(UInt8(ascii: "^")) && line.utf8.allSatisfy { "^~ ".utf8.contains($0) }
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
