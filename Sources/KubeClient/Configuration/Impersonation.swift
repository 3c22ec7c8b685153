// SPDX-License-Identifier: Apache-2.0

/// Whom the server should take the client for, if the client has the right to act for others.
public struct Impersonation: Sendable, Hashable {
    /// The user name.
    public var user: String
    /// The user's id; empty for none.
    public var uid: String
    /// The groups; without any the server adds only those that each user has.
    public var groups: [String]
    /// Further attributes, each with its values.
    public var extra: [String: [String]]

    /// Creates an impersonation.
    public init(user: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        self.user = user
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    /// The headers that say so.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration`` for a value that would begin another header.
    func headers() throws(KubeError) -> [String] {
        guard !user.isEmpty else {
            throw KubeError(
                code: .configuration,
                message: "impersonation needs a user name: uid, groups and extra do not stand alone"
            )
        }
        var fields = [("Impersonate-User", user)]
        if !uid.isEmpty { fields.append(("Impersonate-Uid", uid)) }
        fields += groups.map { ("Impersonate-Group", $0) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            // A header's name allows few characters; the server takes the percent signs back.
            let name = "Impersonate-Extra-" + Request.percentEncoded(key.lowercased())
            fields += values.map { (name, $0) }
        }
        for (name, value) in fields where value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw KubeError(code: .configuration, message: "the value for \(name) holds a control character")
        }
        return fields.map { "\($0): \($1)" }
    }
}
