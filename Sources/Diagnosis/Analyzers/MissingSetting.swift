// SPDX-License-Identifier: Apache-2.0

/// Lines that name a variable and say that it is not there.
enum MissingSetting {
    /// What says it of whatever stands before it.
    private static let predicates = [
        "not set", "must be set", "must be defined", "must be specified", "must be provided", "must not be empty",
        "cannot be empty", "not defined", "not specified", "not provided", "not present", "not configured",
        "unbound variable", "null or not set", "needs to be set",
    ]
    /// What may as well be about something that is named later: "INVALID_ARGUMENT: missing field".
    private static let looser = ["required", "missing", "undefined", "unset", "empty"]
    private static let variablePredicates = PhraseMatcher(predicates + looser + ["not found"])
    /// Words between a name and what is said of it.
    private static let fillers: Set<String> = [
        "environment", "env", "variable", "var", "setting", "parameter", "option", "value", "is", "was", "has", "been",
        "but",
    ]
    /// Whoever can do without it says so.
    private static let excuses = PhraseMatcher([
        "default", "using ", "optional", "ignor", "fall back", "falling back", "fallback", "skip", "disabled", "warn",
        "info", "debug", "recommend", "assum",
    ])
    /// How far from "environment variable" the rest may stand, in characters.
    private static let distance = 100

    /// "environment variable X not set", "DATABASE_URL must be set".
    static func isNamed(in line: String) -> Bool {
        guard !excuses.matches(anyIn: line) else { return false }
        if isVariableMissing(line.lowercased()) { return true }
        let words = line.split { " \t\"'`=,()[]{}$<>".contains($0) }.prefix(80)
        return words.indices.contains { index in
            let word = words[index]
            let hasColon = word.hasSuffix(":")
            let name = hasColon ? word.dropLast() : word
            guard isVariable(name), name.utf8.contains(UInt8(ascii: "_")) else { return false }
            let said = words[(index + 1)...].prefix(10).map { $0.lowercased() }.drop { fillers.contains($0) }
            let sentence = said.joined(separator: " ")
            return predicates.contains(where: sentence.hasPrefix)
                || (!hasColon && looser.contains(where: sentence.hasPrefix))
        }
    }

    private static func isVariableMissing(_ line: String) -> Bool {
        ["environment variable", "env variable", "env var "].contains { words in
            guard let end = line.firstBytes(of: words)?.upperBound else { return false }
            return variablePredicates.matches(anyIn: String(line[end...].prefix(distance)))
        }
    }

    /// Whether a word is written as names of variables are: capitals, numbers and underscores.
    static func isVariable(_ word: some StringProtocol) -> Bool {
        (2...100).contains(word.utf8.count) && word.utf8.contains { (0x41...0x5A).contains($0) }
            && word.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}
