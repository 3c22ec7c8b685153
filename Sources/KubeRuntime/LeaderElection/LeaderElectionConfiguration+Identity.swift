// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension LeaderElectionConfiguration {
    /// Makes up an identity that no other process has: the host's name, which is the pod's, and 64 random bits.
    public static func makeIdentity() -> String {
        // No host name on Linux is longer than 64 bytes, on other systems 255.
        var name = [CChar](repeating: 0, count: 256)
        let isKnown = gethostname(&name, name.count - 1) == 0
        let host = isKnown ? String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
        return "\(host.isEmpty ? "unknown" : host)_\(String(UInt64.random(in: 0...UInt64.max), radix: 16))"
    }
}
