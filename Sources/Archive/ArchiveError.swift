// SPDX-License-Identifier: Apache-2.0

/// Why an archive is not read.
public struct ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of reason it is.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case damaged
            case tooLarge
            case unsafeEntry
        }

        private let kind: Kind

        /// It is no archive, or a part of it is missing or changed.
        public static var damaged: Self { Self(kind: .damaged) }
        /// It unfolds into more than is read.
        public static var tooLarge: Self { Self(kind: .tooLarge) }
        /// It holds an entry that no honest archive of its sort needs.
        public static var unsafeEntry: Self { Self(kind: .unsafeEntry) }

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// What kind of reason it is.
    public var code: Code
    /// What is wrong, with the name of the entry if there is one.
    public var message: String

    /// Creates an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
