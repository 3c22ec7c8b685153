// SPDX-License-Identifier: Apache-2.0

/// Why a JSON text could not be read.
///
/// `offset` counts bytes from the start of the text that was given to the reader. `path` names the field, in
/// JSONPath's dot form (`items[3].spec.nodeName`); it is empty until `JSON.decode` fills it in, because
/// working it out costs a second look at the text that only a failure is worth.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of problem it is.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case unexpectedEnd
            case unexpectedByte
            case typeMismatch
            case numberOutOfRange
            case invalidString
            case tooDeep
            case tooLarge
            case duplicateKey
            case trailingData
            case invalidValue
        }

        private let kind: Kind

        /// The text ended in the middle of a value.
        public static var unexpectedEnd: Self { Self(kind: .unexpectedEnd) }
        /// A byte stands where the grammar of RFC 8259 allows none of its sort.
        public static var unexpectedByte: Self { Self(kind: .unexpectedByte) }
        /// A value is there, but of another type than the one asked for.
        public static var typeMismatch: Self { Self(kind: .typeMismatch) }
        /// A number does not fit the type asked for.
        public static var numberOutOfRange: Self { Self(kind: .numberOutOfRange) }
        /// A string holds a bad escape sequence, a control character, or (in strict mode) what is no Unicode text.
        public static var invalidString: Self { Self(kind: .invalidString) }
        /// Objects and arrays are nested deeper than the reader allows.
        public static var tooDeep: Self { Self(kind: .tooDeep) }
        /// A text, a string or an object exceeds one of ``JSONLimits``.
        public static var tooLarge: Self { Self(kind: .tooLarge) }
        /// An object has the same key twice.
        public static var duplicateKey: Self { Self(kind: .duplicateKey) }
        /// Something other than white space follows the value.
        public static var trailingData: Self { Self(kind: .trailingData) }
        /// The value has the right type but not a meaning that the reader of it accepts.
        public static var invalidValue: Self { Self(kind: .invalidValue) }

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// What kind of problem it is.
    public var code: Code
    /// What was expected and what was found.
    public var message: String
    /// Where in the text, in bytes from its start.
    public var offset: Int
    /// The field, such as `items[3].spec.nodeName`; empty for the top level.
    public var path: String

    /// Creates an error.
    public init(code: Code, message: String, offset: Int, path: String = "") {
        self.code = code
        self.message = message
        self.offset = offset
        self.path = path
    }

    /// The message with the field and the byte offset.
    public var description: String {
        path.isEmpty ? "\(message) (at byte \(offset))" : "\(path): \(message) (at byte \(offset))"
    }
}
