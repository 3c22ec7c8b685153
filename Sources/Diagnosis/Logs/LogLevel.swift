// SPDX-License-Identifier: Apache-2.0

/// How grave a program says that one of its lines is.
enum LogLevel: Int, Comparable, Sendable {
    /// Information, notices, and what is for debugging.
    case informative
    case warning
    case error
    case fatal

    static func < (lhs: LogLevel, rhs: LogLevel) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The level of a name such as `INFO`, `warn` or `Critical`; nil if it is none.
    init?(name: some StringProtocol) {
        switch name.lowercased() {
        case "info", "information", "informational", "inf", "debug", "dbg", "trace", "verbose", "notice", "note", "log",
            "fine", "finer", "finest", "config", "i", "d", "t", "v":
            self = .informative
        case "warn", "warning", "wrn", "w": self = .warning
        case "error", "err", "eror", "severe", "e": self = .error
        case "fatal", "critical", "crit", "ftl", "panic", "dpanic", "alert", "emerg", "emergency", "f": self = .fatal
        default: return nil
        }
    }

    /// The level of a number: those of syslog (RFC 5424) up to 7, those of Bunyan and pino above.
    init(number: Int) {
        switch number {
        case ...2: self = .fatal
        case 3: self = .error
        case 4: self = .warning
        case ..<40: self = .informative
        case ..<50: self = .warning
        case ..<60: self = .error
        default: self = .fatal
        }
    }

    /// The most words that stand before the level of a line: a thread, a process, a logger.
    private static let wordsBefore = 3

    /// The level that a line of text has near its beginning, as in `INFO ready`, `[main] WARN  c.a.Shop - …`,
    /// `[Note] …` or `info: Shop[0]`.
    ///
    /// In the midst of a line only capitals or brackets are the mark of a level: "log" and "error" are words too.
    init?(leading line: Substring) {
        for (index, word) in line.split(separator: " ", maxSplits: Self.wordsBefore + 1).prefix(Self.wordsBefore + 1)
            .enumerated() where word.utf8.count <= 40
        {
            let name = word.prefix { $0 != ":" && $0 != "]" }.drop { "[(<|".contains($0) }
            let isMarked = word.first == "[" || (index == 0 && word.dropFirst(name.count).first == ":")
            guard name.utf8.count > 1, isMarked || name.allSatisfy(\.isUppercase), let level = LogLevel(name: name)
            else {
                continue
            }
            self = level
            return
        }
        return nil
    }
}
