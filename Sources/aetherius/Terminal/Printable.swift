// SPDX-License-Identifier: Apache-2.0

/// Text from a cluster, made safe to show.
///
/// A log line may hold what a terminal takes for an order, such as to clear the screen or to set its title, and
/// characters that turn the order of what follows around.
enum Printable {
    /// The lines of a text without control characters.
    static func lines(_ text: String) -> [String] {
        var lines = [""]
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar.value {
            case 0x0A: lines.append("")
            case 0x09: lines[lines.count - 1] += " "
            case 0x1B: skipSequence(&scalars)
            case 0...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: continue
            default: lines[lines.count - 1].unicodeScalars.append(scalar)
            }
        }
        return lines.filter { !$0.allSatisfy(\.isWhitespace) }
    }

    /// The text in one line, without control characters.
    static func line(_ text: String) -> String { lines(text).joined(separator: " ") }

    /// Skips what follows an escape character: an order, with its parameters.
    private static func skipSequence(_ scalars: inout String.UnicodeScalarView.Iterator) {
        switch scalars.next() {
        case "[": while let next = scalars.next(), !(0x40...0x7E).contains(next.value) {}
        case "]": while let next = scalars.next(), next != "\u{07}", next != "\u{1B}", next != "\n" {}
        default: return
        }
    }
}
