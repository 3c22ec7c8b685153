// SPDX-License-Identifier: Apache-2.0

/// How an object is created or changed.
public struct WriteOptions: Sendable, Hashable {
    /// What the server does with fields that the kind does not have, and with fields that occur twice.
    ///
    /// Servers before 1.25 do not know the setting and drop such fields without a word.
    public enum FieldValidation: String, Sendable, Hashable {
        /// They are dropped without a word.
        case ignore = "Ignore"
        /// They are dropped, and the answer carries a warning header, which is not read here.
        case warn = "Warn"
        /// The request is refused with ``KubeError/Code/badRequest``.
        case strict = "Strict"
    }

    /// Whether the server goes through admission and validation, answers, and keeps nothing.
    public var dryRun: Bool
    /// What the server does with fields that the kind does not have; nil for its default.
    public var fieldValidation: FieldValidation?

    /// Creates options.
    public init(dryRun: Bool = false, fieldValidation: FieldValidation? = nil) {
        self.dryRun = dryRun
        self.fieldValidation = fieldValidation
    }
}

extension Request {
    mutating func add(_ options: WriteOptions) {
        add("dryRun", options.dryRun ? "All" : nil)
        add("fieldValidation", options.fieldValidation?.rawValue)
    }

    mutating func add(_ options: ListOptions) {
        add("labelSelector", options.labelSelector)
        add("fieldSelector", options.fieldSelector)
        add("resourceVersion", options.resourceVersion)
        add("resourceVersionMatch", options.resourceVersionMatch?.rawValue)
        add("limit", options.limit.map(String.init))
        add("continue", options.continueToken)
    }
}
