// SPDX-License-Identifier: Apache-2.0

/// How much a JSON text from outside may ask of its reader.
///
/// The defaults fit anything that could become a Kubernetes object. Each limit is inclusive, and exceeding one is a
/// ``JSONError/Code/tooLarge``, or ``JSONError/Code/tooDeep`` for the nesting.
public struct JSONLimits: Sendable, Hashable {
    /// The longest text, in bytes; 3 MiB, which is what an API server takes as the body of a request.
    ///
    /// Beyond 4 GiB less one byte no text is taken, whatever stands here.
    public var textBytes = 3 << 20
    /// The deepest nesting of objects and arrays; 512.
    ///
    /// What is read and not only skipped can never lie deeper than ``JSONReader/maximumDepth``.
    public var depth = JSONReader.maximumDepth
    /// The longest string or key, in bytes between its quotes, escape sequences as they are written; 1 MiB.
    public var stringBytes = 1 << 20
    /// The most members of one object; 65,536.
    public var objectMembers = 1 << 16

    /// Creates limits with the defaults, to be changed where they do not fit.
    public init() {}

    /// What is part of a text that was read already needs no limits but that of the nesting.
    static var partOfText: JSONLimits {
        var limits = JSONLimits()
        limits.textBytes = .max
        limits.stringBytes = .max
        limits.objectMembers = .max
        return limits
    }
}

/// How closely a text is looked at before it is read.
public struct JSONMode: Sendable, Hashable {
    /// What is checked; nil to check nothing but what is read.
    @usableFromInline let limits: JSONLimits?

    /// Reads what is asked for and skips the rest by its brackets and quotes.
    ///
    /// For texts of an API server, which has checked them, and for what this process has written itself.
    public static var lenient: Self { Self(limits: nil) }

    /// Checks the whole text first, within the default limits; see ``strict(_:)``.
    public static var strict: Self { Self(limits: JSONLimits()) }

    /// Checks the whole text first: grammar, UTF-8, escape sequences, limits, and that no object has a key twice.
    ///
    /// For everything from outside: files, agents, webhooks.
    public static func strict(_ limits: JSONLimits) -> Self { Self(limits: limits) }
}
