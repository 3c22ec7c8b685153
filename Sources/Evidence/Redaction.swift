// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI

/// The one rule for what must not leave a cluster with the evidence.
///
/// Replaced by `[redacted]` are:
/// - the value after a name that speaks of a secret, as in `password=…`, `"apiKey": "…"`, `--token …`,
///   `Authorization: …`;
/// - user and password in a URL, as in `postgres://user:…@host`;
/// - what looks like a credential by its form: JSON Web Tokens, PEM private keys, keys of well-known services.
public enum Redaction {
    /// What stands in the place of a secret.
    public static let placeholder = "[redacted]"

    private static let secretWords = [
        "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api_key", "api-key", "accesskey",
        "access_key", "access-key", "credential", "privatekey", "private_key", "private-key", "authorization",
        "cookie",
    ]
    private static let credentialPrefixes = [
        "eyJ", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA", "ASIA", "sk-", "sk_live_",
        "-----BEGIN",
    ]

    /// Redacts one line.
    public static func redact(_ line: String) -> String {
        guard !line.contains("PRIVATE KEY-----") else { return placeholder }
        return redactValues(redactURLs(line))
    }

    /// Cuts `user:password@` out of every URL.
    private static func redactURLs(_ line: String) -> String {
        var output = ""
        var rest = line[...]
        while let scheme = rest.firstRange(of: "://") {
            output += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let authority = rest.prefix { !$0.isWhitespace && !"/?#\"'<>".contains($0) }
            // A password may hold an @ itself: the last one ends it.
            if let at = authority.lastIndex(of: "@") {
                output += placeholder
                rest = rest[at...]
            }
        }
        return output + rest
    }

    /// Replaces values that follow a telling name, and words that look like credentials.
    private static func redactValues(_ line: String) -> String {
        var output = ""
        var rest = line[...]
        // What a name has announced: the next word is secret.
        var expectsValue = false
        while let first = rest.first {
            let isWordCharacter = !isSeparator(first)
            let run = rest.prefix { !isSeparator($0) == isWordCharacter }
            rest = rest[run.endIndex...]
            guard isWordCharacter else {
                output += run
                continue
            }
            if expectsValue {
                let lowered = run.lowercased()
                // "Authorization: Bearer abc": the scheme is no secret, what follows is.
                guard lowered != "bearer", lowered != "basic" else {
                    output += run
                    continue
                }
                output += placeholder
                expectsValue = false
                continue
            }
            let isCredential = run.count >= 16 && credentialPrefixes.contains { run.hasPrefix($0) }
            output += isCredential ? placeholder[...] : run
            expectsValue = run.lowercased() == "bearer" || announcesValue(run, before: rest)
        }
        return output
    }

    private static func announcesValue(_ word: Substring, before rest: Substring) -> Bool {
        let lowered = word.lowercased()
        guard secretWords.contains(where: { lowered.contains($0) }) else { return false }
        // In a sentence ("the password is wrong") nothing that has to be hidden follows.
        let gap = rest.prefix { isSeparator($0) }
        return gap.contains { "=:".contains($0) } || word.hasPrefix("-")
    }

    private static func isSeparator(_ character: Character) -> Bool {
        character.isWhitespace || "=:,;\"'`()[]{}<>&|".contains(character)
    }
}

extension Snapshot {
    /// Redacts every text that a cluster's users and programs have written.
    mutating func redact() {
        for index in events.indices { events[index].message = Redaction.redact(events[index].message) }
        for index in pods.indices {
            pods[index].metadata.annotations = [:]
            pods[index].status.containerStatuses = pods[index].status.containerStatuses.map(Self.redacted)
            pods[index].status.initContainerStatuses = pods[index].status.initContainerStatuses.map(Self.redacted)
        }
        for index in workloads.indices { workloads[index].metadata.annotations = [:] }
    }

    private static func redacted(_ status: ContainerStatus) -> ContainerStatus {
        func state(_ state: ContainerState) -> ContainerState {
            var state = state
            if let message = state.waiting?.message { state.waiting?.message = lines(message) }
            if let message = state.terminated?.message { state.terminated?.message = lines(message) }
            return state
        }
        func lines(_ text: String) -> String {
            text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                .map { Redaction.redact(String($0)) }
                .joined(separator: "\n")
        }
        var status = status
        status.state = state(status.state)
        status.lastState = state(status.lastState)
        return status
    }
}
