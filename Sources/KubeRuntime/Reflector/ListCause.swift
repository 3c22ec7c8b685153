// SPDX-License-Identifier: Apache-2.0

/// Why a ``Reflector`` reads the whole collection.
public struct ListCause: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String {
        case start
        case expired
        case listFailed
        case shortWatch
        case streamFailed
        case watchFailed
    }

    private let kind: Kind

    /// It has just begun.
    public static var start: Self { Self(kind: .start) }
    /// The server no longer knows the version up to which the collection is known, or does not know it yet.
    public static var expired: Self { Self(kind: .expired) }
    /// The list before this one failed.
    public static var listFailed: Self { Self(kind: .listFailed) }
    /// The watch ended at once and without an event.
    public static var shortWatch: Self { Self(kind: .shortWatch) }
    /// The server does not stream lists, or the stream before this list was not completed.
    public static var streamFailed: Self { Self(kind: .streamFailed) }
    /// The watch could not be opened, or failed in a way that may have lost something.
    public static var watchFailed: Self { Self(kind: .watchFailed) }

    /// The name, as a metric's label has it.
    public var description: String {
        switch kind {
        case .start: "start"
        case .expired: "expired"
        case .listFailed: "list_failed"
        case .shortWatch: "short_watch"
        case .streamFailed: "stream_failed"
        case .watchFailed: "watch_failed"
        }
    }
}
