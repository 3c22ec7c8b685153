// SPDX-License-Identifier: Apache-2.0

/// Writes files as entries of a tar archive (ustar; pax for names of more than 100 bytes).
public enum TarWriter {
    private static let block = 512

    /// One file.
    /// - Parameters:
    ///   - path: its path within the archive, with `/` between its parts.
    ///   - modified: when it was made, in seconds since 1970.
    public static func entry(_ path: String, _ content: [UInt8], modified: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        let name = Array(path.utf8)
        if name.count > 100 {
            let record = paxRecord("path", path)
            bytes += header(Array("pax".utf8), record.count, "x", modified) + padded(record)
        }
        return bytes + header(Array(name.prefix(100)), content.count, "0", modified) + padded(content)
    }

    /// What stands after the last entry.
    public static let end = [UInt8](repeating: 0, count: 2 * block)

    private static func header(_ name: [UInt8], _ size: Int, _ type: Character, _ modified: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: block)
        func put(_ text: String, at position: Int) {
            for (offset, byte) in text.utf8.enumerated() { bytes[position + offset] = byte }
        }
        for (offset, byte) in name.enumerated() { bytes[offset] = byte }
        put("0000600", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(modified, digits: 11), at: 136)
        put(String(repeating: " ", count: 8), at: 148)
        put(String(type), at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(bytes.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
        return bytes
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(max(0, number), radix: 8)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// The length of a record counts its own digits too.
    private static func paxRecord(_ name: String, _ value: String) -> [UInt8] {
        let rest = " \(name)=\(value)\n"
        var length = rest.utf8.count
        while "\(length)".utf8.count + rest.utf8.count != length { length = "\(length)".utf8.count + rest.utf8.count }
        return Array("\(length)\(rest)".utf8)
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (block - bytes.count % block) % block)
    }
}
