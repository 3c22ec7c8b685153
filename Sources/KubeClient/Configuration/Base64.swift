// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

enum Base64 {
    /// The bytes that a Base64 text stands for, or nil if it is none. Line breaks are allowed, as in kubeconfigs.
    static func decode(_ text: String) -> [UInt8]? {
        // Foundation can skip what is not Base64 altogether, but then a password in the wrong field reads as nothing.
        Data(base64Encoded: text.filter { !$0.isWhitespace }).map { [UInt8]($0) }
    }
}
