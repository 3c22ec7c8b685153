// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// One line of a log without its wrapping: colours, times, and the form in which a logger writes it.
struct LogEntry: Sendable, Hashable {
    /// The most that is looked at of one line, in bytes.
    static let maximumBytes = 4096

    /// What the program says.
    var text: String
    /// When it says it; nil if the line does not begin with a time.
    var time: LogTime?
    /// What follows the time.
    private var rest: Substring

    /// How grave it says that this is; nil if it does not say.
    ///
    /// Looked up when it is asked for, which for most lines is never.
    var level: LogLevel? { LogFormat.level(of: rest) }

    init(_ line: String) {
        let line = Self.printable(line)
        rest = line[...]
        time = nil
        // The kubelet may put a time of its own in front of the program's.
        for _ in 0..<3 {
            let (found, tail) = LogTime.leading(rest)
            guard tail.startIndex != rest.startIndex else { break }
            time = time ?? found
            rest = tail
        }
        text = LogFormat.message(of: rest)
    }

    /// The beginning of a line, without colours and other control characters.
    private static func printable(_ line: String) -> String {
        let bytes = line.utf8
        var isClean = bytes.count <= maximumBytes
        if isClean { isClean = !bytes.contains { $0 < 0x20 && $0 != 0x09 } }
        guard !isClean else { return line }
        var kept: [UInt8] = []
        kept.reserveCapacity(min(bytes.count, maximumBytes))
        var isEscape = false
        var isCommand = false
        for byte in bytes.prefix(maximumBytes) {
            if isCommand {
                // An order to the terminal, such as a title, ends with BEL or another sequence.
                isEscape = byte == 0x1B
                isCommand = byte != 0x07 && !isEscape
            } else if isEscape {
                // A sequence ends with a letter: ESC [ 1 ; 31 m.
                isCommand = byte == UInt8(ascii: "]")
                if (0x40...0x7E).contains(byte), byte != UInt8(ascii: "[") { isEscape = false }
            } else if byte == 0x1B {
                isEscape = true
            } else if byte >= 0x20 || byte == 0x09 {
                kept.append(byte)
            }
        }
        // The cut may go through a character, which would become a longer mark for a broken one.
        if bytes.count > maximumBytes {
            for _ in 0..<3 where kept.last.map({ $0 >= 0x80 }) ?? false { kept.removeLast() }
        }
        return String(decoding: kept, as: UTF8.self)
    }
}

/// The time in front of a line.
struct LogTime: Sendable, Hashable {
    /// The moment, as if it were in UTC unless the line names an offset.
    var moment: Timestamp
    /// Whether the line says in which zone it is.
    var hasZone: Bool

    /// Reads `2026-01-02T03:04:05.678Z`, also with a space or slashes, with an offset or none, in brackets or not.
    /// - Returns: the time, and what follows it; the whole text if there is none.
    static func leading(_ text: Substring) -> (LogTime?, Substring) {
        let begin = text.drop { $0 == " " || $0 == "[" || $0 == "\t" }
        let bytes = begin.utf8
        guard let first = bytes.first, isDigit(first), bytes.count >= 19 else { return (nil, text) }
        var form = Array(bytes.prefix(40))
        guard isDigit(form[3]), form[4] == form[7], [0x2D, 0x2F, 0x2E].contains(form[4]),
            form[13] == 0x3A, form[16] == 0x3A, form[10] == 0x20 || form[10] | 0x20 == UInt8(ascii: "t")
        else { return (nil, text) }
        (form[4], form[7], form[10]) = (0x2D, 0x2D, UInt8(ascii: "T"))
        var length = 19
        if length < form.count, form[length] == UInt8(ascii: ".") || form[length] == UInt8(ascii: ",") {
            length += 1
            while length < form.count, isDigit(form[length]) { length += 1 }
        }
        let zone = zone(form[length...])
        let whole = String(decoding: form[..<19], as: UTF8.self) + (zone.isEmpty ? "Z" : zone)
        guard let moment = Timestamp(whole) else { return (nil, text) }
        length += zone.utf8.count
        let end = bytes.index(bytes.startIndex, offsetBy: length)
        return (LogTime(moment: moment, hasZone: !zone.isEmpty), begin[end...].drop { " ]\t".contains($0) })
    }

    private static func zone(_ bytes: ArraySlice<UInt8>) -> String {
        guard let first = bytes.first else { return "" }
        if first == UInt8(ascii: "Z") { return "Z" }
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), bytes.count >= 6,
            bytes[bytes.startIndex + 3] == UInt8(ascii: ":")
        else { return "" }
        return String(decoding: bytes.prefix(6), as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
