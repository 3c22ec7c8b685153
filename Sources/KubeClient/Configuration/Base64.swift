// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// Base64 (RFC 4648), as Kubernetes writes bytes in JSON.
package enum Base64 {
    /// The bytes that a Base64 text stands for, or nil if it is none.
    ///
    /// Line breaks are allowed, as in kubeconfigs.
    package static func decode(_ text: String) -> [UInt8]? {
        let text = text.filter { !$0.isWhitespace }
        // Foundation takes characters after the padding, and on request skips all that is not Base64.
        let padding = text.utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard !text.dropLast(padding).utf8.contains(UInt8(ascii: "=")) else { return nil }
        return Data(base64Encoded: text).map { [UInt8]($0) }
    }

    /// The text that stands for some bytes.
    package static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
