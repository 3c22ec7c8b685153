// SPDX-License-Identifier: Apache-2.0

/// Looks a Huffman code up by the next bits of the input.
struct HuffmanTable {
    struct Entry {
        var symbol: UInt16 = 0
        /// How many bits the code has; 0 for bits that are no code.
        var length: UInt8 = 0
    }

    /// The longest code of DEFLATE.
    static let maximumLength = 15
    static let mask = 1 << maximumLength - 1

    private(set) var entries = [Entry](repeating: Entry(), count: 1 << maximumLength)

    /// Makes the table of the canonical code with these lengths.
    /// - Throws: ``ArchiveError`` if no such code exists.
    init(_ lengths: [UInt8]) throws(ArchiveError) {
        let space = lengths.reduce(0) { $0 + ($1 > 0 ? 1 << (Self.maximumLength - Int($1)) : 0) }
        // Fewer codes than fit are allowed for a single distance; the bits that mean nothing are refused when met.
        guard space <= 1 << Self.maximumLength, lengths.allSatisfy({ $0 <= Self.maximumLength }) else {
            throw ArchiveError(code: .damaged, message: "the compressed data is damaged")
        }
        self.init(known: lengths)
    }

    /// Makes the table of a code that is known to exist.
    init(known lengths: [UInt8]) {
        var code = 0
        for length in 1...Self.maximumLength {
            for (symbol, own) in lengths.enumerated() where Int(own) == length {
                // Codes are written from their first bit, all else from its last.
                var index = Self.reversed(code, length)
                while index <= Self.mask {
                    entries[index] = Entry(symbol: UInt16(symbol), length: own)
                    index += 1 << length
                }
                code += 1
            }
            code <<= 1
        }
    }

    private static func reversed(_ code: Int, _ length: Int) -> Int {
        (0..<length).reduce(0) { result, bit in result | (code >> bit & 1) << (length - 1 - bit) }
    }
}
