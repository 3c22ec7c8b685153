// SPDX-License-Identifier: Apache-2.0

/// Unpacks what `gzip` has packed (RFC 1952).
public enum Gzip {
    /// How much is unpacked at most.
    public struct Limits: Sendable, Hashable {
        /// Bytes after unpacking.
        public var bytes = 256 << 20
        /// How many times larger than before it may get; what people pack here stays far below.
        public var ratio = 200
        /// The size up to which the ratio does not matter.
        public var freeBytes = 8 << 20

        /// Creates the default limits.
        public init() {}
    }

    /// Whether some bytes begin as gzip's output does.
    public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// Unpacks all members of a file.
    public static func unpack(_ bytes: [UInt8], limits: Limits = Limits()) throws(ArchiveError) -> [UInt8] {
        let bound = min(
            limits.bytes,
            max(limits.freeBytes, bytes.count.multipliedReportingOverflow(by: limits.ratio).0)
        )
        var output: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            // Tapes are filled up with zeros.
            if !output.isEmpty, rest.allSatisfy({ $0 == 0 }) { break }
            let start = try skipHeader(rest)
            var inflate = Inflate(rest[start...], maximumBytes: bound - output.count)
            try inflate.run()
            let end = inflate.endPosition
            guard rest.endIndex - end >= 8 else { throw truncated }
            guard number(rest[end...]) == Checksum.crc32(inflate.output),
                number(rest[(end + 4)...]) == UInt32(truncatingIfNeeded: inflate.output.count)
            else { throw ArchiveError(code: .damaged, message: "its checksum is wrong") }
            if output.isEmpty { output = inflate.output } else { output += inflate.output }
            rest = rest[(end + 8)...]
        }
        return output
    }

    private static var truncated: ArchiveError {
        ArchiveError(code: .damaged, message: "the compressed data ends too early")
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.prefix(4).enumerated().reduce(0) { $0 | UInt32($1.element) << UInt32(8 * $1.offset) }
    }

    /// Where the compressed data begins.
    private static func skipHeader(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) -> Int {
        var index = bytes.startIndex
        guard bytes.count >= 18, bytes[index] == 0x1F, bytes[index + 1] == 0x8B, bytes[index + 2] == 8 else {
            throw ArchiveError(code: .damaged, message: "it is not packed by gzip")
        }
        let flags = bytes[index + 3]
        index += 10
        if flags & 4 != 0 {
            guard index + 2 <= bytes.endIndex else { throw truncated }
            index += 2 + Int(bytes[index]) + Int(bytes[index + 1]) << 8
        }
        // A name and a comment, each up to a zero.
        for flag in [8, 16] as [UInt8] where flags & flag != 0 {
            guard index < bytes.endIndex, let end = bytes[index...].firstIndex(of: 0) else { throw truncated }
            index = end + 1
        }
        if flags & 2 != 0 { index += 2 }
        guard index < bytes.endIndex else { throw truncated }
        return index
    }
}

/// The checksum of gzip.
enum Checksum {
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var checksum = RunningChecksum()
        checksum.add(bytes)
        return checksum.value
    }
}

/// The checksum of gzip, over bytes that come one after the other.
struct RunningChecksum: Sendable {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    private var crc: UInt32 = ~0

    var value: UInt32 { ~crc }

    mutating func add(_ bytes: [UInt8]) {
        for byte in bytes { crc = Self.table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8 }
    }
}
