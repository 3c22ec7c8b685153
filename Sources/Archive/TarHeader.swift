// SPDX-License-Identifier: Apache-2.0

/// The 512 bytes before each entry of a tar archive.
struct TarHeader {
    private let bytes: [UInt8]

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    /// Whether it marks the end.
    var isEmpty: Bool { bytes.allSatisfy { $0 == 0 } }

    /// What the entry is.
    var type: UInt8 { bytes[156] }

    /// The sum of all bytes, with its own field read as spaces.
    var hasRightChecksum: Bool {
        let sum = bytes.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
        return Self.octal(bytes[148..<156]) == sum
    }

    /// How long the content is; nil if that makes no sense.
    var size: Int? {
        let field = bytes[124..<136]
        guard field[124] & 0x80 != 0 else { return Self.octal(field) }
        // GNU's form for what is too large for octal digits.
        guard field[124] == 0x80, field[125..<128].allSatisfy({ $0 == 0 }), field[128] < 0x80 else { return nil }
        return field[128...].reduce(0) { $0 << 8 | Int($1) }
    }

    /// The name, with the prefix that ustar has for long ones.
    var name: String {
        get throws(ArchiveError) {
            let name = try Self.text(bytes[0..<100])
            guard bytes[257..<263].elementsEqual("ustar\0".utf8) else { return name }
            let prefix = try Self.text(bytes[345..<500])
            return prefix.isEmpty ? name : "\(prefix)/\(name)"
        }
    }

    /// The text before the first zero.
    static func text(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) -> String {
        guard let text = String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self) else {
            throw ArchiveError(code: .damaged, message: "the name of an entry is not UTF-8")
        }
        return text
    }

    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
        guard digits.count <= 12, digits.allSatisfy({ (48...55).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 8 + Int($1 - 48) }
    }
}

/// What pax says about the entry after it: lines of `<length> <name>=<value>`.
struct PaxFields {
    private(set) var path: String?
    private(set) var size: Int?

    init(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) {
        let damaged = ArchiveError(code: .damaged, message: "an extended header is damaged")
        var rest = bytes
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: 32), space - rest.startIndex <= 9,
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 1, length <= rest.count
            else { throw damaged }
            let line = rest[(space + 1)..<(rest.startIndex + length - 1)]
            rest = rest[(rest.startIndex + length)...]
            guard let sign = line.firstIndex(of: 61), let name = String(validating: line[..<sign], as: UTF8.self),
                let value = String(validating: line[(sign + 1)...], as: UTF8.self)
            else { throw damaged }
            switch name {
            case "path": path = value
            case "size":
                guard let number = Int(value), number >= 0 else { throw damaged }
                size = number
            case _ where name.hasPrefix("GNU.sparse."):
                throw ArchiveError(code: .unsafeEntry, message: "a sparse file is not read")
            case "linkpath":
                throw ArchiveError(code: .unsafeEntry, message: "a link to '\(value.prefix(80))' is not read")
            default: break
            }
        }
    }
}
