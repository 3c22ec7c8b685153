// SPDX-License-Identifier: Apache-2.0

/// Patterns for names, in which `*` stands for any characters, also none.
public enum NamePattern {
    /// Whether a name fits a pattern.
    public static func matches(_ pattern: String, _ name: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return pattern == name }
        guard name.hasPrefix(first), name.hasSuffix(last), name.count >= first.count + last.count else { return false }
        var rest = name.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }
}

extension ClusterAgent.NamespaceSelection {
    /// Whether a namespace is selected.
    public func contains(_ namespace: String) -> Bool {
        if exclude.contains(where: { NamePattern.matches($0, namespace) }) { return false }
        return include.isEmpty || include.contains { NamePattern.matches($0, namespace) }
    }
}
