// SPDX-License-Identifier: Apache-2.0

/// Something that was wanted and could not be read.
public struct Unreadable: Sendable, Hashable {
    /// What it was, such as `pods in namespace shop`.
    public var what: String
    /// A CamelCase word, such as `Forbidden`.
    public var reason: String
    /// A sentence for people.
    public var message: String

    /// Creates a note.
    public init(what: String, reason: String, message: String) {
        self.what = what
        self.reason = reason
        self.message = message
    }
}
