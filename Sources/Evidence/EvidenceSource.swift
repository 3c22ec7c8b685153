// SPDX-License-Identifier: Apache-2.0
public import Diagnosis
public import KubeAPI

/// Somewhere to look: a cluster, or what was saved of one.
public protocol EvidenceSource: Sendable {
    /// Reads what a diagnosis looks at.
    ///
    /// A read that is refused or fails is noted in the snapshot. What is returned is redacted and within bounds.
    /// - Throws: ``EvidenceError`` if the question cannot be asked, or if nothing at all could be read.
    func snapshot(of scope: EvidenceScope) async throws(EvidenceError) -> Snapshot
}

/// Which part of a cluster a question is about.
public struct EvidenceScope: Sendable, Hashable {
    /// One object, with its kind and name; nil for everything in the namespace.
    public var subject: ObjectReference?
    /// The namespace; nil for all of them.
    public var namespace: String?
    /// Whether somebody asks who may know nothing of the cluster beyond the namespace but the names and conditions of
    /// nodes, storage classes and the volumes that are bound to the namespace's claims.
    public var isConfinedToNamespace: Bool
    /// Whether objects outside of all namespaces may be asked for at all.
    ///
    /// An operator that is installed for some namespaces has no right to, and each try would be a refusal.
    public var readsOutsideNamespace = true

    /// Creates a scope.
    public init(subject: ObjectReference? = nil, namespace: String?, isConfinedToNamespace: Bool = false) {
        self.subject = subject
        self.namespace = namespace
        self.isConfinedToNamespace = isConfinedToNamespace
    }
}

/// Why nothing could be looked at.
public struct EvidenceError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case cancelled
            case unreachable
            case unreadableBundle
            case unsupportedSubject
        }

        private let kind: Kind

        /// The calling task was cancelled.
        public static var cancelled: Self { Self(kind: .cancelled) }
        /// No read succeeded; trying again later may help.
        public static var unreachable: Self { Self(kind: .unreachable) }
        /// A saved bundle is damaged, too large or not safe to read; trying again does not help.
        public static var unreadableBundle: Self { Self(kind: .unreadableBundle) }
        /// Objects of this kind cannot be diagnosed; trying again does not help.
        public static var unsupportedSubject: Self { Self(kind: .unsupportedSubject) }

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// What kind of failure it is.
    public var code: Code
    /// What happened, for people.
    public var message: String
    /// The error beneath this one.
    public var cause: (any Error)?

    /// Creates an error.
    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message.
    public var description: String { message }
}

extension EvidenceError {
    init(unsupported subject: ObjectReference?) {
        self.init(
            code: .unsupportedSubject,
            message: "kind \(subject?.kind ?? "") cannot be diagnosed; "
                + "these can: \(Subject.supportedKinds.joined(separator: ", "))"
        )
    }
}
