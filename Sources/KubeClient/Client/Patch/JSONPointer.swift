// SPDX-License-Identifier: Apache-2.0

/// A place in a JSON document (RFC 6901).
///
/// Keys are given as they are; what has to be escaped is escaped here.
///
/// ```swift
/// JSONPointer("metadata", "annotations", "example.com/team")  // /metadata/annotations/example.com~1team
/// ```
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// The keys and indices from the root; empty for the whole document.
    public var tokens: [String]

    /// Creates a pointer from keys, and from indices or `-` (the end of a list) as text.
    public init(_ tokens: String...) { self.tokens = tokens }

    /// Creates a pointer from keys, and from indices or `-` (the end of a list) as text.
    public init(tokens: [String]) { self.tokens = tokens }

    /// The pointer to something within the place that this one points to.
    public func appending(_ token: String) -> JSONPointer { JSONPointer(tokens: tokens + [token]) }

    /// The pointer as RFC 6901 writes it.
    public var description: String {
        tokens.map { token in
            "/" + token.replacing("~", with: "~0").replacing("/", with: "~1")
        }
        .joined()
    }
}
