// SPDX-License-Identifier: Apache-2.0

/// How bad a trouble is: `Critical`, `High`, `Medium` or `Low`.
///
/// Severities are ordered: `.low < .critical`. A word that is not known is below all of them.
public struct Severity: Vocabulary, Comparable {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    /// Something is down, now.
    public static let critical = Self(rawValue: "Critical")
    /// Something will be down, or is partly.
    public static let high = Self(rawValue: "High")
    /// Something is wrong without anybody noticing yet.
    ///
    /// Assumed where nothing is said.
    public static let medium = Self(rawValue: "Medium")
    /// Worth knowing.
    public static let low = Self(rawValue: "Low")

    public static let known: [Severity] = [.critical, .high, .medium, .low]

    public static func < (left: Severity, right: Severity) -> Bool {
        // Words that are not known share a rank; their letters keep the order total.
        (left.rank, left.rawValue) < (right.rank, right.rawValue)
    }

    private var rank: Int {
        switch self {
        case .critical: 4
        case .high: 3
        case .medium: 2
        case .low: 1
        default: 0
        }
    }
}
