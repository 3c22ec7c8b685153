// SPDX-License-Identifier: Apache-2.0

/// Breaks text into lines that fit.
struct Paragraph {
    /// Less than this is not readable, however narrow the terminal is.
    private static let minimumWidth = 20

    /// How many characters fit into a line; nil for any number.
    let width: Int?

    /// Breaks a text between words; each of its own lines begins a new one.
    ///
    /// A word longer than a line stays whole, so that names, paths and addresses can be copied.
    /// - Parameter indent: how many columns are taken by what stands to the left.
    func lines(_ text: String, indent: Int) -> [String] {
        let lines = Printable.lines(text)
        guard let width else { return lines }
        return lines.flatMap { wrap($0, to: max(width - indent, Self.minimumWidth)) }
    }

    private func wrap(_ text: String, to width: Int) -> [String] {
        guard text.count > width else { return [text] }
        var lines: [String] = []
        // What a line is indented by says something in a log, so it is kept.
        var line = String(text.prefix { $0 == " " })
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        lines.append(line)
        return lines
    }
}
