// SPDX-License-Identifier: Apache-2.0
import JSON

/// Cuts the answer to a list into its objects while it arrives.
///
/// So neither the text as a whole nor the objects as a whole have to be in memory, and reading them does not wait for
/// the end of the answer. It looks at nothing but brackets, quotes and commas: whether a piece is valid is for its
/// reader to say. Text in which brackets do not match is cut into pieces of which at least one is not valid.
struct ListSplitter {
    /// An element of `items`.
    struct Element {
        var bytes: [UInt8]
        /// Where it begins in the whole text.
        var offset: Int
        /// How many came before it.
        var index: Int
        /// With the first one: the envelope up to it.
        var beginning: [UInt8]?
    }

    /// The text without the elements: what the list says about itself.
    private(set) var envelope: [UInt8] = []
    /// The part of an element that has come.
    private var element: [UInt8] = []
    private var elementOffset = 0
    private var elementCount = 0
    /// How much of the text has come.
    private var offset = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var isInItems = false

    /// Takes the next piece of the text, and passes on each element that is complete with it.
    mutating func append<Failure: Error>(
        _ piece: UnsafeBufferPointer<UInt8>,
        each body: (Element) throws(Failure) -> Void
    ) throws(Failure) {
        // Where that begins which has not been put away yet.
        var start = 0
        var position = 0
        while position < piece.count {
            if isInString { position = endOfString(in: piece, from: position) }
            guard !isInString, position < piece.count else { break }
            switch piece[position] {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth == 2, !isInItems, piece[position] == UInt8(ascii: "[") else { break }
                envelope.append(contentsOf: piece[start...position])
                start = position + 1
                isInItems = endsWithKeyOfItems
                elementOffset = offset + start
            case UInt8(ascii: ","):
                guard isInItems, depth == 2 else { break }
                try body(take(piece[start..<position]))
                start = position + 1
                elementOffset = offset + start
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                guard isInItems, depth == 1 else { break }
                isInItems = false
                // Nothing between the brackets is an array without elements; nothing after a comma is an error.
                let last = take(piece[start..<position])
                if last.index > 0 || !last.bytes.allSatisfy(Self.isSpace) { try body(last) }
                start = position
            default: break
            }
            position += 1
        }
        if isInItems {
            element.append(contentsOf: piece[start...])
        } else {
            envelope.append(contentsOf: piece[start...])
        }
        offset += piece.count
    }

    /// Passes over the text of a string; returns where to go on after it.
    private mutating func endOfString(in piece: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        if isEscaped, position < piece.count {
            isEscaped = false
            position += 1
        }
        while position < piece.count {
            let byte = piece[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                isInString = false
                return position
            }
            guard byte == UInt8(ascii: "\\") else { continue }
            if position == piece.count { isEscaped = true } else { position += 1 }
        }
        return position
    }

    private mutating func take(_ end: Slice<UnsafeBufferPointer<UInt8>>) -> Element {
        element.append(contentsOf: end)
        defer {
            element.removeAll(keepingCapacity: true)
            elementCount += 1
        }
        return Element(
            bytes: Array(element),
            offset: elementOffset,
            index: elementCount,
            beginning: elementCount == 0 ? envelope : nil
        )
    }

    /// Whether the envelope ends with `"items":[`.
    ///
    /// A server that writes the key with escape sequences gets its objects read all the same, only not before the end.
    private var endsWithKeyOfItems: Bool {
        var rest = envelope.dropLast()
        while let last = rest.last, Self.isSpace(last) { rest.removeLast() }
        guard rest.popLast() == UInt8(ascii: ":") else { return false }
        while let last = rest.last, Self.isSpace(last) { rest.removeLast() }
        let key = Array(#""items""#.utf8)
        guard rest.suffix(key.count).elementsEqual(key) else { return false }
        return rest.dropLast(key.count).last != UInt8(ascii: "\\")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
