// SPDX-License-Identifier: Apache-2.0

/// Unpacks a DEFLATE stream (RFC 1951) into memory, up to a bound.
struct Inflate {
    private let input: ArraySlice<UInt8>
    private let maximumBytes: Int
    private var position: Int
    private var bits: UInt64 = 0
    private var bitCount = 0
    private(set) var output: [UInt8] = []

    /// Where the input goes on after the stream; bytes that were looked at early are given back.
    var endPosition: Int { position - bitCount / 8 }

    init(_ input: ArraySlice<UInt8>, maximumBytes: Int) {
        self.input = input
        self.maximumBytes = maximumBytes
        position = input.startIndex
    }

    mutating func run() throws(ArchiveError) {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try copyStored()
            case 1: try unpack(Self.fixedLiterals, Self.fixedDistances)
            case 2:
                let (literals, distances) = try readTables()
                try unpack(literals, distances)
            default: throw Self.damaged
            }
        }
    }

    private static var damaged: ArchiveError {
        ArchiveError(code: .damaged, message: "the compressed data is damaged")
    }

    // MARK: Bits

    /// Fetches bytes while there are any; what lies beyond the end reads as zeros and is found out when it is used.
    private mutating func fill() {
        while bitCount <= 48, position < input.endIndex {
            bits |= UInt64(input[position]) << UInt64(bitCount)
            position += 1
            bitCount += 8
        }
    }

    private mutating func drop(_ count: Int) throws(ArchiveError) {
        guard count <= bitCount else {
            throw ArchiveError(code: .damaged, message: "the compressed data ends too early")
        }
        bits >>= UInt64(count)
        bitCount -= count
    }

    private mutating func take(_ count: Int) throws(ArchiveError) -> Int {
        if bitCount < count { fill() }
        let value = Int(bits & ((1 << UInt64(count)) - 1))
        try drop(count)
        return value
    }

    private mutating func symbol(_ table: HuffmanTable) throws(ArchiveError) -> Int {
        if bitCount < HuffmanTable.maximumLength { fill() }
        let entry = table.entries[Int(bits) & HuffmanTable.mask]
        guard entry.length > 0 else { throw Self.damaged }
        try drop(Int(entry.length))
        return Int(entry.symbol)
    }

    // MARK: Blocks

    private mutating func copyStored() throws(ArchiveError) {
        try drop(bitCount % 8)
        let count = try take(16)
        guard try take(16) == ~count & 0xFFFF else { throw Self.damaged }
        try reserve(count)
        for _ in 0..<count { output.append(UInt8(try take(8))) }
    }

    private func reserve(_ count: Int) throws(ArchiveError) {
        guard output.count + count <= maximumBytes else {
            throw ArchiveError(
                code: .tooLarge,
                message: "it unpacks to more than \(maximumBytes >> 20) MiB; such an archive is not read"
            )
        }
    }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    private static let distanceBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]

    private mutating func unpack(_ literals: HuffmanTable, _ distances: HuffmanTable) throws(ArchiveError) {
        while true {
            let symbol = try symbol(literals)
            if symbol < 256 {
                try reserve(1)
                output.append(UInt8(symbol))
                continue
            }
            guard symbol > 256 else { return }
            guard symbol - 257 < Self.lengthBases.count else { throw Self.damaged }
            let length = try Self.lengthBases[symbol - 257] + take(Self.lengthBits[symbol - 257])
            let code = try self.symbol(distances)
            guard code < Self.distanceBases.count else { throw Self.damaged }
            let distance = try Self.distanceBases[code] + take(Self.distanceBits[code])
            guard distance <= output.count else { throw Self.damaged }
            try reserve(length)
            // What is copied may be made by the copying itself, so it goes byte by byte.
            let start = output.count - distance
            for offset in 0..<length { output.append(output[start + offset]) }
        }
    }

    // MARK: Tables

    private static let fixedLiterals = HuffmanTable(
        known: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
    )
    private static let fixedDistances = HuffmanTable(known: [UInt8](repeating: 5, count: 32))
    private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private mutating func readTables() throws(ArchiveError) -> (HuffmanTable, HuffmanTable) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let lengthCount = try take(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw Self.damaged }
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<lengthCount { codeLengths[Self.lengthOrder[index]] = UInt8(try take(3)) }
        let codes = try HuffmanTable(codeLengths)
        var lengths: [UInt8] = []
        while lengths.count < literalCount + distanceCount {
            let symbol = try symbol(codes)
            switch symbol {
            case 0..<16: lengths.append(UInt8(symbol))
            case 16:
                guard let last = lengths.last else { throw Self.damaged }
                lengths += [UInt8](repeating: last, count: try take(2) + 3)
            case 17: lengths += [UInt8](repeating: 0, count: try take(3) + 3)
            default: lengths += [UInt8](repeating: 0, count: try take(7) + 11)
            }
        }
        guard lengths.count == literalCount + distanceCount, lengths[256] > 0 else { throw Self.damaged }
        return (
            try HuffmanTable(Array(lengths[..<literalCount])), try HuffmanTable(Array(lengths[literalCount...]))
        )
    }
}
