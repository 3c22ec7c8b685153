// SPDX-License-Identifier: Apache-2.0

extension DatabaseKind {
    /// The kind whose server has said it, by the words that only that one uses.
    static func implied(by complaint: Complaint) -> DatabaseKind? {
        let text = complaint.text.lowercased()
        let words: [(DatabaseKind, [String])] = [
            (
                .mysql,
                [
                    "access denied for user '", "--read-only option", "--super-read-only", "unknown database '",
                    "is not allowed to connect to this m", "command denied to user '",
                ]
            ),
            (
                .postgres,
                [
                    "password authentication failed for user", "read-only transaction", "too many clients already",
                    "remaining connection slots", "pg_hba.conf", "permission denied for table",
                    "permission denied for schema", "permission denied for relation", "permission denied for database",
                    "permission denied for sequence", "fatal: role \"", "fatal:  role \"", "pq: role \"",
                ]
            ),
            (
                .redis,
                [
                    "wrongpass", "noauth", "max number of clients reached", "read only replica", "noperm",
                    "no permissions to", "> 'maxmemory'",
                ]
            ),
            (
                .mongo,
                ["notwritableprimary", "not primary", "bad auth", "to execute command", "requires authentication"]
            ),
            (.sqlServer, ["login failed for user"]),
            (.rabbit, ["login was refused", "access to vhost '", "access_refused"]),
            (
                .kafka,
                ["not authorized to access topics", "not authorized to access group", "topic authorization failed"]
            ),
            (.oracle, ["ora-"]),
            (
                .elastic,
                [
                    "read_only_allow_delete", "read-only-allow-delete", "index read-only",
                    "unable to authenticate user",
                ]
            ),
            (.cassandra, ["[bad credentials]", "and/or password are incorrect", "code=2100"]),
        ]
        return words.first { $0.1.contains(where: text.contains) }?.0
            ?? complaint.target?.port.flatMap { port in allCases.first { $0.port == port } }
    }
}
