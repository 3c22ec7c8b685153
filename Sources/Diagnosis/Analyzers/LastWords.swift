// SPDX-License-Identifier: Apache-2.0

/// What the end of a log says about the program itself, where a single phrase does not tell it.
///
/// What a runtime reports of the end decides; without such a report the last fifteen lines do, up to the nearest error
/// that is about something else.
enum LastWords {
    /// What was found.
    enum Meaning { case settingMissing, settingBlamed, commandMissing }

    /// How many lines before the end of a log still are its end.
    static let count = 15

    /// The line that says it, and how many lines of words follow it.
    static func find(in lines: [String], exitCode: Int?) -> (meaning: Meaning, text: String, linesAfter: Int)? {
        let all = LogLine.cleaned(lines)
        if let report = LogLine.report(in: all) {
            let rest = all.indices.dropFirst(report.index + 1).filter { !LogLine.isFrame(all[$0]) }
            if let meaning = meaning(report.text, at: report.index, in: all, exitCode) {
                return (meaning, report.text, rest.count)
            }
            // What a program explains after the report of its runtime.
            guard rest.count <= count, let line = rest.first(where: { isSettingNamed(all[$0]) }) else { return nil }
            return (.settingBlamed, all[line], rest.count { $0 > line })
        }
        var after = 0
        for index in all.indices.reversed() where !LogLine.isFrame(all[index]) {
            if let meaning = meaning(all[index], at: index, in: all, exitCode) { return (meaning, all[index], after) }
            after += 1
            if after >= count || LogLine.isError(all[index]) { return nil }
        }
        return nil
    }

    private static func meaning(_ line: String, at index: Int, in lines: [String], _ exitCode: Int?) -> Meaning? {
        // By POSIX a shell ends with 127 if it does not find a command; a script may as well go on.
        if exitCode == 127, line.hasSuffix(": not found") || line.hasSuffix(": command not found") {
            return .commandMissing
        }
        if MissingSetting.isNamed(in: line) || isMissingVariable(line, at: index, in: lines) { return .settingMissing }
        return SettingWords.areBlamed(in: line) ? .settingBlamed : nil
    }

    private static func isSettingNamed(_ line: String) -> Bool {
        MissingSetting.isNamed(in: line) || SettingWords.areBlamed(in: line)
    }

    /// A lookup by name that failed, where the name or the place tells that it is one of a variable.
    private static func isMissingVariable(_ line: String, at index: Int, in lines: [String]) -> Bool {
        // Rust's error for a variable that is not there.
        if line.hasSuffix(": NotPresent") { return true }
        // Ruby: "app.rb:3:in `fetch': key not found: "DB_HOST" (KeyError)".
        if line.hasBytes("fetch': key not found: \""), let name = line.word(after: "key not found: \"") {
            return MissingSetting.isVariable(name.prefix { $0 != "\"" })
        }
        // Python says only "KeyError"; what was looked into stands in the frames before it.
        if line.hasPrefix("KeyError: '") {
            let trace = lines[max(0, index - 60)..<index]
            let start = trace.lastIndex { $0.hasPrefix("Traceback (most recent") } ?? trace.endIndex
            return MissingSetting.isVariable(line.dropFirst(11).prefix { $0 != "'" })
                && lines[start..<index].contains { $0.hasBytes("environ") || $0.hasBytes("<frozen os>") }
        }
        // pydantic names the class whose fields are missing or wrong.
        if line.hasBytes(" validation error"), let name = line.word(after: " for ") {
            return name.hasSuffix("Settings") || name.hasSuffix("Config") || name.hasSuffix("Configuration")
        }
        return false
    }
}
