// SPDX-License-Identifier: Apache-2.0

/// The forms in which people's tools save a text.
enum TextEncoding {
    /// A text in UTF-8 without a mark of its order of bytes; PowerShell saves in UTF-16, or with such a mark.
    static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        switch (bytes.first, bytes.dropFirst().first) {
        case (0xEF, 0xBB) where bytes.dropFirst(2).first == 0xBF: Array(bytes.dropFirst(3))
        case (0xFF, 0xFE): fromUTF16(bytes) { UInt16($0) | UInt16($1) << 8 }
        case (0xFE, 0xFF): fromUTF16(bytes) { UInt16($0) << 8 | UInt16($1) }
        default: bytes
        }
    }

    private static func fromUTF16(_ bytes: [UInt8], _ unit: (UInt8, UInt8) -> UInt16) -> [UInt8] {
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// The parts of a text between lines that begin with `---`.
    static func documents(of bytes: [UInt8]) -> [[UInt8]] {
        var documents: [[UInt8]] = [[]]
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.starts(with: "---".utf8) {
                documents.append([])
            } else {
                documents[documents.count - 1] += line + [UInt8(ascii: "\n")]
            }
        }
        return documents.filter { !$0.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D } }
    }
}
