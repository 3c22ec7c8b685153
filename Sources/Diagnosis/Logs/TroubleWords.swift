// SPDX-License-Identifier: Apache-2.0

/// Whether a line of a log is about trouble at all, of whatever kind.
enum TroubleWords {
    private static let trouble = PhraseMatcher([
        "fatal", "panic", "segmentation fault", "out of memory", "unhandled", "uncaught", "error", "exception",
        "traceback", "critical", "cannot", "can't", "could not", "couldn't", "failed", "failure", "failing", "refused",
        "denied", "unable", "not found", "no such", "invalid", "missing", "unknown ", "deadlock", "exhausted",
        "aborted",
        "killed", "unavailable", "unreachable", "timeout", "timed out",
    ])

    private static let waiting = PhraseMatcher([
        "waiting for", "wait for", "retry", "retries", "will try again", "connecting to", "trying to connect",
        "attempting to connect", "not reachable", "not ready", "not yet",
    ])

    /// Whether a line says that something is wrong.
    static func areIn(_ line: String) -> Bool {
        let text = LogEntry(line).text
        guard !LogLine.isHarmless(text) else { return false }
        return trouble.matches(anyIn: text) || LogScan.sign(of: line) != nil || LogLine.report(of: [line]) != nil
    }

    /// Whether a line says that the process waits for somebody else.
    static func tellOfWaiting(in line: String) -> Bool { waiting.matches(anyIn: LogEntry(line).text) }
}
