// SPDX-License-Identifier: Apache-2.0

import JSON

/// The bytes of a text in which `<ED A0 80>` stands for bytes by their hexadecimal digits.
func bytes(_ notation: String) -> [UInt8] {
    var result: [UInt8] = []
    var rest = Substring(notation)
    while let opening = rest.firstIndex(of: "<"), let closing = rest[opening...].firstIndex(of: ">") {
        let codes = rest[rest.index(after: opening)..<closing].split(separator: " ").map { UInt8($0, radix: 16) }
        result += rest[..<opening].utf8
        if !codes.isEmpty, !codes.contains(nil) {
            result += codes.compactMap { $0 }
        } else {
            result += rest[opening...closing].utf8
        }
        rest = rest[rest.index(after: closing)...]
    }
    return result + Array(rest.utf8)
}

/// The code with which a text is refused in strict mode, or nil if it is read.
func strictRefusal(of bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONError.Code? {
    do {
        try JSON.check(bytes, limits: limits)
        return nil
    } catch {
        return error.code
    }
}
