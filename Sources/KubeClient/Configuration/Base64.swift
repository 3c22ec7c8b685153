// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

enum Base64 {
    /// The bytes that a Base64 text stands for, or nil if it is none. Line breaks are allowed, as in kubeconfigs.
    static func decode(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text, options: .ignoreUnknownCharacters).map { [UInt8]($0) }
    }
}
