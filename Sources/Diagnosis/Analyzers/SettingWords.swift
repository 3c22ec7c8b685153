// SPDX-License-Identifier: Apache-2.0

/// Lines in which a program complains of its settings in words of its own.
///
/// Looser than ``MissingSetting``: a word for a setting, or the name of a file of settings, and a word that says what
/// is wrong stand in one line.
enum SettingWords {
    private static let nouns: Set<String> = [
        "config", "configuration", "configurations", "setting", "settings", "environment", "env", "variable",
        "variables", "flag", "flags",
    ]
    private static let files = [".conf", ".cfg", ".ini", ".toml", ".yaml", ".yml", ".properties", ".cnf"]
    private static let complaints = PhraseMatcher([
        "invalid", "missing", "required", "requires", "not set", "not provided", "not specified", "not configured",
        "unknown", "unsupported", "parse error", "parsing error", "cannot parse", "can't parse", "could not parse",
        "failed to parse", "unable to parse", "syntax error", "malformed", "unexpected eof", "unable to validate",
        "validation failed", "must be", "must not", "mutually exclusive", "conflicting", "unrecognized",
        "unrecognised", "not recognized", "misconfigured", "bad value",
    ])
    private static let excuses = PhraseMatcher([
        "default", "using ", "optional", "ignor", "fall back", "falling back", "fallback", "skip", "disabled",
        "warn", "debug", "recommend", "assum", "deprecat",
    ])
    /// Errors of a program about its own variables and arguments.
    private static let programErrors = PhraseMatcher([
        "typeerror", "attributeerror", "referenceerror", "nullpointer", "nil pointer", "null reference",
        "indexerror", "assertion", "undefined variable", "stack overflow",
    ])
    private static let given: Set<String> = ["provided", "specified", "configured", "given", "defined"]
    /// What stands between "no" and "given" where it is not a setting that was not given.
    private static let others: Set<String> = [
        "such", "route", "longer", "more", "new", "one", "other", "that", "which", "for", "in", "on", "when", "and",
    ]
    /// How far "provided" may stand from "no", in words.
    private static let distance = 6

    static func areBlamed(in line: String) -> Bool {
        guard !excuses.matches(anyIn: line), !programErrors.matches(anyIn: line), isNothingElse(line) else {
            return false
        }
        let words = line.split { " \t\"'`=,;()[]{}<>".contains($0) }.prefix(80).map { $0.lowercased() }
        if isNothingGiven(words) { return true }
        return complaints.matches(anyIn: line) && words.contains { isSetting($0) }
    }

    private static func isNothingElse(_ line: String) -> Bool {
        LogScan.sign(of: line).map { $0 == .configurationInvalid } ?? true
    }

    /// Whether a word is one for settings or names a file of them, as in "/etc/app/app.conf:5:2:".
    private static func isSetting(_ word: String) -> Bool {
        let end = word.lastIndex { !":.!?0123456789".contains($0) }
        guard let end else { return false }
        let name = word[...end]
        return nouns.contains(String(name)) || files.contains { name.hasSuffix($0) }
    }

    /// Whether something was not given, as in "no hostname setting provided" or "No key has been specified".
    private static func isNothingGiven(_ words: [String]) -> Bool {
        words.indices.contains { index in
            guard words[index] == "no" else { return false }
            let next = words[(index + 1)...].prefix(distance + 1).map { $0.trimmingSuffix(".!:") }
            guard let end = next.firstIndex(where: given.contains) else { return false }
            return end > 0 && !next[..<end].contains(where: others.contains)
        }
    }
}

extension String {
    /// The text without any of these characters at its end.
    fileprivate func trimmingSuffix(_ characters: String) -> String {
        var rest = self[...]
        while let last = rest.last, characters.contains(last) { rest.removeLast() }
        return String(rest)
    }
}
