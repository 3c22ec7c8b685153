// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension KubeError {
    /// A field that an apply wants and another manager owns.
    public struct FieldConflict: Sendable, Hashable {
        /// The field as the server writes it, such as `.spec.replicas`.
        public var field: String
        /// Who owns it; empty if the server does not say.
        public var manager: String

        /// Creates a conflict.
        public init(field: String, manager: String) {
            self.field = field
            self.manager = manager
        }
    }

    /// The fields over which an apply without force failed; empty for every other error.
    public var fieldConflicts: [FieldConflict] {
        guard code == .conflict, let status else { return [] }
        return status.causes.filter { $0.reason == "FieldManagerConflict" }.map { cause in
            // The manager stands in quotes only in the sentence: conflict with "kubectl" using apps/v1.
            let parts = cause.message.split(separator: "\"", omittingEmptySubsequences: false)
            return FieldConflict(field: cause.field, manager: parts.count > 2 ? String(parts[1]) : "")
        }
    }
}
