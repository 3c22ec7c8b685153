// SPDX-License-Identifier: Apache-2.0

/// Says what is wrong with one field of an object, and what is allowed.
public struct FieldError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The field, such as `spec.limits.timeoutSeconds` or `spec.steps[2].name`.
    public var field: String
    /// What is wrong and what is allowed, such as `is 0; allowed are 1 to 86400`.
    ///
    /// Reads on from the field.
    public var message: String

    /// Creates an error.
    public init(field: String, message: String) {
        self.field = field
        self.message = message
    }

    /// The field and the message: `spec.limits.timeoutSeconds: is 0; allowed are 1 to 86400`.
    public var description: String { "\(field): \(message)" }
}
