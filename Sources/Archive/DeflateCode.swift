// SPDX-License-Identifier: Apache-2.0

/// A run of bits that stands for something, the first bit lowest.
struct DeflateCode {
    var bits: UInt32
    var count: Int

    /// What ends a block.
    static let end = symbol(256)

    /// One byte as it is.
    static func literal(_ byte: UInt8) -> DeflateCode { symbols[Int(byte)] }

    /// How long a match is, from 3 to 258 bytes.
    static func length(_ length: Int) -> DeflateCode {
        let index = lengths.lastIndex { $0.base <= length } ?? 0
        return symbols[257 + index].followed(by: length - lengths[index].base, lengths[index].extraBits)
    }

    /// How far back a match is, from 1 to 32768 bytes.
    static func distance(_ distance: Int) -> DeflateCode {
        let index = distances.lastIndex { $0.base <= distance } ?? 0
        return DeflateCode(bits: reversed(UInt32(index), 5), count: 5)
            .followed(by: distance - distances[index].base, distances[index].extraBits)
    }

    private func followed(by extra: Int, _ extraBits: Int) -> DeflateCode {
        DeflateCode(bits: bits | UInt32(extra) << UInt32(count), count: count + extraBits)
    }

    // MARK: The tables of RFC 1951, section 3.2.5 and 3.2.6

    private static let symbols = (0..<288).map(symbol)

    private static func symbol(_ number: Int) -> DeflateCode {
        let value = UInt32(number)
        return switch number {
        case ..<144: DeflateCode(bits: reversed(0x30 + value, 8), count: 8)
        case ..<256: DeflateCode(bits: reversed(0x190 + value - 144, 9), count: 9)
        case ..<280: DeflateCode(bits: reversed(value - 256, 7), count: 7)
        default: DeflateCode(bits: reversed(0xC0 + value - 280, 8), count: 8)
        }
    }

    /// Codes are written with their highest bit first, everything else with its lowest.
    private static func reversed(_ value: UInt32, _ count: Int) -> UInt32 {
        (0..<count).reduce(0) { $0 << 1 | (value >> UInt32($1) & 1) }
    }

    private static let lengths: [(base: Int, extraBits: Int)] = {
        var table: [(Int, Int)] = []
        var base = 3
        for index in 0..<28 {
            let extraBits = index < 8 ? 0 : index / 4 - 1
            table.append((base, extraBits))
            base += 1 << extraBits
        }
        // The longest match has a code of its own, without extra bits.
        return table + [(258, 0)]
    }()

    private static let distances: [(base: Int, extraBits: Int)] = {
        var table: [(Int, Int)] = []
        var base = 1
        for index in 0..<30 {
            let extraBits = index < 4 ? 0 : index / 2 - 1
            table.append((base, extraBits))
            base += 1 << extraBits
        }
        return table
    }()
}

/// Puts bits into bytes, the lowest first.
struct BitWriter: Sendable {
    var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var count = 0

    mutating func write(_ code: DeflateCode) { write(UInt64(code.bits), code.count) }

    mutating func write(_ value: UInt64, _ bits: Int) {
        pending |= value << UInt64(count)
        count += bits
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            count -= 8
        }
    }

    /// Fills up the byte that has been begun.
    mutating func align() { if count > 0 { write(0, 8 - count) } }

    /// The whole bytes so far, which are then gone from here.
    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }
}
