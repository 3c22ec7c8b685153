// SPDX-License-Identifier: Apache-2.0
import KubeAPI
public import KubeClient

/// A field that a server-side apply was refused for, because somebody else manages it.
public struct FieldConflict: Sendable, Hashable {
    /// The path of the field, such as `.status.phase`.
    public var field: String
    /// What the server says of the other manager, such as `conflict with "kubectl"`.
    public var message: String
}

extension KubeError {
    /// The fields that others manage, if that is why a server-side apply was refused (409, `FieldManagerConflict`).
    public var fieldConflicts: [FieldConflict] {
        guard code == .conflict, let status else { return [] }
        return status.causes.filter { $0.reason == "FieldManagerConflict" }.map { cause in
            FieldConflict(field: cause.field, message: cause.message)
        }
    }
}
