// SPDX-License-Identifier: Apache-2.0

extension LogSign {
    /// Words that say it only beside others in the same line.
    struct Pair: Sendable {
        /// What is looked for.
        var words: String
        /// One of these has to be there too.
        var others: [String]
    }

    /// The words that say it, without capitals; some of them only beside others, see ``Complaint/isWhole``.
    var phrases: [String] { certainPhrases + pairs.map(\.words) }

    /// The words that say it only beside others.
    var pairs: [Pair] {
        switch self {
        case .credentialsRefused:
            [
                Pair(words: "not authorized on ", others: ["to execute command"]),
                Pair(words: "requires authentication", others: ["command "]),
                Pair(words: "access to vhost '", others: ["refused"]),
                Pair(words: "is not permitted to log in", others: ["role \"", "role \\\""]),
                Pair(
                    words: "expiredtoken",
                    others: ["an error occurred (", "api error ", "aws", "amazon", "security token"]
                ),
            ] + Self.postgres("role", ["does not exist", "is not permitted to log in"])
        case .databaseMissing: Self.postgres("database", ["does not exist"])
        case .migrationFailed:
            [
                Pair(
                    words: "schema version",
                    others: [
                        "mismatch", "expected", "incompatible", "not compatible", "compatibility check failed",
                        "older than", "newer than", "does not match", "unsupported", "too old", "too new", "ahead of",
                    ]
                )
            ]
        default: []
        }
    }

    /// Its server refuses a login with FATAL; drivers put their own words in front.
    ///
    /// Statements that name a relation or a role which is not there are refused with ERROR.
    private static func postgres(_ thing: String, _ others: [String]) -> [Pair] {
        ["fatal:  ", "fatal: ", "pq: ", "returned from database: "].flatMap { front in
            ["\"", "\\\""].map { Pair(words: front + thing + " " + $0, others: others) }
        }
    }

    fileprivate static let certain: [LogSign: PhraseMatcher] = Dictionary(
        uniqueKeysWithValues: allCases.filter { !$0.pairs.isEmpty }.map { ($0, PhraseMatcher($0.certainPhrases)) }
    )
}

extension Complaint {
    /// Whether its line has all the words that belong to its sign.
    var isWhole: Bool {
        guard let certain = LogSign.certain[sign], !certain.matches(anyIn: text) else { return true }
        let text = text.lowercased()
        return sign.pairs.contains { pair in
            text.hasBytes(of: pair.words) && pair.others.contains { text.hasBytes(of: $0) }
        }
    }
}
