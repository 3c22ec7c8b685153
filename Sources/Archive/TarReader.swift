// SPDX-License-Identifier: Apache-2.0

/// Reads the files of a tar archive: ustar, with the longer names of pax and GNU.
///
/// Only files and directories are taken. An archive with anything else, or with a name that leads out of it, is refused
/// as a whole: it was not made by a tool that saves a cluster's state.
public struct TarReader {
    /// How much is read at most.
    public struct Limits: Sendable, Hashable {
        /// Files and directories.
        public var entries = 50_000
        /// Bytes of a name.
        public var nameBytes = 1024

        /// Creates the default limits.
        public init() {}
    }

    /// A file of the archive.
    public struct Entry: Sendable {
        /// Its path, without `./` before it.
        public var path: String
        /// Where its content stands in the archive.
        public var range: Range<Int>
    }

    private static let block = 512
    private let bytes: [UInt8]
    private let limits: Limits
    private var position = 0
    private var count = 0
    private var longName: String?
    private var longSize: Int?

    /// Lists the files of an archive.
    /// - Throws: ``ArchiveError`` with the name of the entry that is the reason.
    public static func entries(of bytes: [UInt8], limits: Limits = Limits()) throws(ArchiveError) -> [Entry] {
        var reader = TarReader(bytes: bytes, limits: limits)
        var entries: [Entry] = []
        while let entry = try reader.next() { entries.append(contentsOf: entry) }
        return entries
    }

    private init(bytes: [UInt8], limits: Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The next header with what belongs to it: one file, or none; nil at the end.
    private mutating func next() throws(ArchiveError) -> [Entry]? {
        guard position + Self.block <= bytes.count else {
            guard position == bytes.count, count > 0 else {
                throw ArchiveError(code: .damaged, message: "it is no complete tar archive")
            }
            return nil
        }
        let header = TarHeader(bytes[position..<position + Self.block])
        if header.isEmpty { return nil }
        guard header.hasRightChecksum else {
            throw ArchiveError(code: .damaged, message: "it is no tar archive, or it is damaged at byte \(position)")
        }
        count += 1
        guard count <= limits.entries else {
            throw ArchiveError(code: .tooLarge, message: "it has more than \(limits.entries) entries")
        }
        let own = try header.name
        let name = longName ?? own
        guard let size = longSize ?? header.size else {
            throw ArchiveError(code: .damaged, message: "entry '\(Self.shown(name))' has no size that makes sense")
        }
        let start = position + Self.block
        guard size >= 0, size <= bytes.count - start else {
            throw ArchiveError(code: .damaged, message: "entry '\(Self.shown(name))' is longer than the archive")
        }
        position = min(bytes.count, start + (size + Self.block - 1) / Self.block * Self.block)
        return try take(header.type, name, start..<start + size)
    }

    private mutating func take(_ type: UInt8, _ name: String, _ range: Range<Int>) throws(ArchiveError) -> [Entry] {
        switch type {
        // What follows describes the entry after it.
        case UInt8(ascii: "x"):
            let fields = try PaxFields(bytes[range])
            longName = fields.path
            longSize = fields.size
            return []
        case UInt8(ascii: "g"): return []
        case UInt8(ascii: "L"):
            guard range.count <= limits.nameBytes + 1 else { throw Self.tooLong(name) }
            longName = try TarHeader.text(bytes[range])
            return []
        default:
            longName = nil
            longSize = nil
        }
        let path = try safePath(name)
        switch type {
        case UInt8(ascii: "0"), UInt8(ascii: "7"), 0:
            // Old archives mark a directory by its name only.
            return path.isEmpty || name.hasSuffix("/") ? [] : [Entry(path: path, range: range)]
        case UInt8(ascii: "5"): return []
        default:
            let what =
                switch type {
                case UInt8(ascii: "1"): "a hard link"
                case UInt8(ascii: "2"): "a symbolic link"
                case UInt8(ascii: "3"), UInt8(ascii: "4"): "a device"
                case UInt8(ascii: "6"): "a pipe"
                case UInt8(ascii: "S"): "a sparse file"
                default: "of an unknown type"
                }
            throw ArchiveError(
                code: .unsafeEntry,
                message: "entry '\(Self.shown(name))' is \(what); only files and directories are read"
            )
        }
    }

    private func safePath(_ name: String) throws(ArchiveError) -> String {
        guard name.utf8.count <= limits.nameBytes else { throw Self.tooLong(name) }
        guard !name.hasPrefix("/") else {
            throw ArchiveError(code: .unsafeEntry, message: "entry '\(Self.shown(name))' has an absolute path")
        }
        let parts = name.split(separator: "/").filter { $0 != "." }
        guard !parts.contains(".."), !name.utf8.contains(0) else {
            throw ArchiveError(code: .unsafeEntry, message: "entry '\(Self.shown(name))' leads out of the archive")
        }
        return parts.joined(separator: "/")
    }

    private static func tooLong(_ name: String) -> ArchiveError {
        ArchiveError(code: .tooLarge, message: "entry '\(shown(name))' has too long a name")
    }

    /// A name as it may be told on a terminal.
    private static func shown(_ name: String) -> String {
        String(name.unicodeScalars.prefix(80).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
    }
}
