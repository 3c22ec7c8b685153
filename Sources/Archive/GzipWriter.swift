// SPDX-License-Identifier: Apache-2.0

/// Packs a stream as `gzip` does (RFC 1952), with the fixed codes of deflate (RFC 1951).
///
/// It keeps at most 96 KiB of what it is given, however long the stream is. JSON gets about a fifth of its size; `gzip`
/// itself would make it smaller still, which is not worth a second set of tables.
public struct GzipWriter: Sendable {
    private static let blockBytes = 64 << 10
    private static let windowBytes = 32 << 10

    private var buffer: [UInt8] = []
    /// How many bytes at the beginning of the buffer are packed already, and only looked back at.
    private var packed = 0
    private var bits = BitWriter()
    private var checksum = RunningChecksum()
    private var count: UInt32 = 0

    /// Begins a stream.
    public init() {
        // No name and no time: the same content gives the same file.
        bits.bytes = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    }

    /// Takes in more of the stream.
    /// - Returns: what can be written by now.
    public mutating func write(_ bytes: [UInt8]) -> [UInt8] {
        checksum.add(bytes)
        count &+= UInt32(truncatingIfNeeded: bytes.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            let room = Self.blockBytes - (buffer.count - packed)
            buffer += rest.prefix(room)
            rest = rest.dropFirst(room)
            if buffer.count - packed == Self.blockBytes { pack(isLast: false) }
        }
        return bits.take()
    }

    /// Ends the stream.
    /// - Returns: the last bytes to be written.
    public mutating func finish() -> [UInt8] {
        pack(isLast: true)
        bits.align()
        for number in [checksum.value, count] {
            for shift in [0, 8, 16, 24] as [UInt32] { bits.bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        return bits.take()
    }

    private mutating func pack(isLast: Bool) {
        bits.write(isLast ? 1 : 0, 1)
        bits.write(1, 2)
        var matches = MatchFinder(buffer, lookingBackFrom: packed)
        var index = packed
        while index < buffer.count {
            if let match = matches.longest(at: index, atMost: Self.windowBytes) {
                bits.write(DeflateCode.length(match.length))
                bits.write(DeflateCode.distance(match.distance))
                for position in (index + 1)..<(index + match.length) { matches.note(position) }
                index += match.length
            } else {
                bits.write(DeflateCode.literal(buffer[index]))
                index += 1
            }
        }
        bits.write(DeflateCode.end)
        buffer.removeFirst(max(0, buffer.count - Self.windowBytes))
        packed = buffer.count
    }
}

/// Finds what has been there before, by a table of the last place of each three bytes.
private struct MatchFinder {
    private static let shortest = 4
    private static let longest = 258
    private let bytes: [UInt8]
    private var places = [Int32](repeating: -1, count: 1 << 15)

    init(_ bytes: [UInt8], lookingBackFrom start: Int) {
        self.bytes = bytes
        for position in 0..<start { note(position) }
    }

    /// Remembers a place, so that it can be looked back at.
    mutating func note(_ position: Int) {
        guard position + 2 < bytes.count else { return }
        places[hash(position)] = Int32(position)
    }

    /// The longest match with something before a place, which is remembered.
    mutating func longest(at index: Int, atMost distance: Int) -> (length: Int, distance: Int)? {
        guard index + Self.shortest <= bytes.count else { return nil }
        let slot = hash(index)
        let candidate = Int(places[slot])
        places[slot] = Int32(index)
        guard candidate >= 0, index - candidate <= distance else { return nil }
        var length = 0
        let bound = min(Self.longest, bytes.count - index)
        while length < bound, bytes[candidate + length] == bytes[index + length] { length += 1 }
        return length >= Self.shortest ? (length, index - candidate) : nil
    }

    private func hash(_ position: Int) -> Int {
        let key = UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position + 2]) << 16
        return Int((key &* 0x9E37_79B1) >> 17)
    }
}
