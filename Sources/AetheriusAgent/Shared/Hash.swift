// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// SHA-256, by OpenSSL.
package enum Hash {
    /// The hash of some bytes as 64 hexadecimal digits.
    package static func sha256(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let succeeded = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
        precondition(succeeded == 1 && length == 32, "OpenSSL always has SHA-256")
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
    }
}
