// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text cut to a number of UTF-8 bytes, with an ellipsis at its end if something had to go.
    ///
    /// The cut never splits a character (an emoji with its modifiers stays whole or goes whole), and the ellipsis
    /// counts: three bytes. The schema bounds texts by characters, of which a text never has more than bytes, so a
    /// text bounded here fits there. A bound below 3 leaves an empty text if anything has to go.
    public func bounded(toUTF8 count: Int) -> String {
        guard utf8.count > count else { return self }
        let ellipsis = "…"
        guard count >= ellipsis.utf8.count else { return "" }
        let limit = utf8.index(startIndex, offsetBy: count - ellipsis.utf8.count)
        // A character may reach over the limit: then the cut goes before it.
        var end = startIndex
        var next = startIndex
        while next <= limit {
            end = next
            guard next < endIndex else { break }
            next = index(after: next)
        }
        return String(self[..<end]) + ellipsis
    }
}
