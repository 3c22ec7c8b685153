// SPDX-License-Identifier: Apache-2.0

/// The two numbers of a version of Kubernetes that say what goes together.
struct MinorVersion: Hashable, Comparable, CustomStringConvertible {
    var major: Int
    var minor: Int

    /// Reads `v1.31.2`, `1.31` or `v1.27.3-gke.100`.
    init?(_ text: some StringProtocol) {
        let parts = text.drop { $0 == "v" }.split(separator: ".", maxSplits: 2)
        guard parts.count >= 2, let major = Int(parts[0]),
            let minor = Int(parts[1].prefix { $0.isASCII && $0.isNumber }),
            major >= 0
        else { return nil }
        self.major = major
        self.minor = minor
    }

    static func < (left: Self, right: Self) -> Bool { (left.major, left.minor) < (right.major, right.minor) }

    var description: String { "\(major).\(minor)" }
}
