// SPDX-License-Identifier: Apache-2.0

/// The forms in which loggers wrap what a program says.
enum LogFormat {
    private static let messageKeys = ["message", "msg", "log", "short_message", "textPayload", "@m", "@mt"]
    private static let errorKeys = [
        "error", "err", "exception", "thrown", "error.message", "@x", "stack_trace", "stack",
    ]
    private static let levelKeys = [
        "level", "severity", "lvl", "@l", "log.level", "levelname", "severity_text", "Level", "LogLevel", "loglevel",
    ]

    /// The message and the error of a line in JSON, logfmt or klog's form; any other line as it is.
    static func message(of line: Substring) -> String {
        if line.utf8.first == UInt8(ascii: "{") {
            let parts = [value(of: messageKeys, inJSON: line), value(of: errorKeys, inJSON: line)].compactMap { $0 }
            if !parts.isEmpty { return joined(parts) }
        }
        if hasPairs(line) {
            let parts = [value(of: ["msg", "message"], inPairs: line), value(of: ["err", "error"], inPairs: line)]
                .compactMap { $0 }
            if !parts.isEmpty { return joined(parts) }
        }
        return String(line[header(of: line)...])
    }

    /// How grave a line says that it is; nil if it does not say.
    static func level(of line: Substring) -> LogLevel? {
        if line.utf8.first == UInt8(ascii: "{") { return level(inJSON: line) }
        if hasPairs(line), let name = value(of: ["level", "lvl", "severity"], inPairs: line) {
            return LogLevel(name: name)
        }
        return header(of: line) == line.startIndex ? LogLevel(leading: line) : LogLevel(name: line.prefix(1))
    }

    private static func level(inJSON line: Substring) -> LogLevel? {
        if let name = value(of: levelKeys, inJSON: line) { return LogLevel(name: name) }
        guard let key = line.firstBytes(of: "\"level\":") else { return nil }
        let digits = line[key.upperBound...].drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
        return Int(digits.prefix(4)).map { LogLevel(number: $0) }
    }

    /// Whether `msg=` or `level=` stand in a line.
    private static func hasPairs(_ line: Substring) -> Bool {
        var last: (UInt8, UInt8, UInt8) = (0, 0, 0)
        for byte in line.utf8 {
            if byte == UInt8(ascii: "=") {
                if last == (UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "g")) { return true }
                if last == (UInt8(ascii: "v"), UInt8(ascii: "e"), UInt8(ascii: "l")) { return true }
            }
            last = (last.1, last.2, byte)
        }
        return false
    }

    private static func joined(_ parts: [String]) -> String {
        // A stack begins with the message; nothing is said twice.
        if parts.count == 2, parts[1].hasPrefix(parts[0]) { return parts[1] }
        return parts.joined(separator: ": ")
    }

    /// The end of `E0102 03:04:05.678901       1 file.go:12] `; the beginning of any other line.
    private static func header(of line: Substring) -> Substring.Index {
        guard let first = line.utf8.first, [0x49, 0x57, 0x45, 0x46].contains(first),
            line.utf8.dropFirst().prefix(4).allSatisfy({ (0x30...0x39).contains($0) }),
            let end = line.firstBytes("] ")?.upperBound,
            line.utf8.distance(from: line.startIndex, to: end) <= 200
        else { return line.startIndex }
        return end
    }

    // MARK: JSON

    /// The text of the first of some keys that a line has with a text as its value.
    ///
    /// The line may be cut off, so it is searched and not parsed. A key within an object counts too, as in
    /// `{"error": {"message": "…"}}`.
    private static func value(of keys: [String], inJSON line: Substring, isInner: Bool = false) -> String? {
        for key in keys {
            var rest = line
            let quoted = "\"\(key)\""
            // A key may also stand in a text, or have another value; not many do.
            for _ in 0..<4 {
                guard let found = rest.firstBytes(of: quoted) else { break }
                rest = rest[found.upperBound...]
                let colon = rest.drop { $0 == " " }
                guard colon.first == ":" else { continue }
                let start = colon.dropFirst().drop { $0 == " " }
                if start.first == "\"" {
                    let text = unescaped(start.dropFirst())
                    if !text.isEmpty { return text }
                } else if start.first == "{", !isInner {
                    let inner = value(of: ["message", "msg", "reason"], inJSON: start.dropFirst(), isInner: true)
                    if let inner { return inner }
                }
            }
        }
        return nil
    }

    private static func unescaped(_ text: Substring) -> String {
        var output = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                output.unicodeScalars.append(["n", "t", "r"].contains(scalar) ? " " : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "\"" {
                break
            } else {
                output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    // MARK: Pairs

    /// The value of the first of some keys in `key=value key="a value"`.
    private static func value(of keys: [String], inPairs line: Substring) -> String? {
        for key in keys {
            let mark = key + "="
            guard let start = line.hasPrefix(mark) ? line.startIndex : line.firstBytes(of: " " + mark)?.lowerBound
            else {
                continue
            }
            let value = line[start...].drop { $0 == " " }.dropFirst(mark.count)
            let text = value.first == "\"" ? unescaped(value.dropFirst()) : String(value.prefix { $0 != " " })
            if !text.isEmpty { return text }
        }
        return nil
    }
}
