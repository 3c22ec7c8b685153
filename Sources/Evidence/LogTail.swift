// SPDX-License-Identifier: Apache-2.0

/// The end of a log, and before it what says why the process ended.
///
/// A panic in Go is followed by all goroutines and an exception in Java by its frames: the line that tells can be
/// hundreds of lines before the end.
enum LogTail {
    /// The most lines from before the end that are kept, the last ones.
    static let maximumReports = 8

    private static let reports = [
        "panic: ", "fatal error: ", "Caused by: ", "Exception in thread ", "Unhandled exception", "FATAL", "thread '",
        "terminate called", "Traceback (most recent call last)", "Uncaught ", "PHP Fatal error",
    ].map { Array($0.utf8) }

    /// The last lines, and the last reports before them, in their order.
    /// - Parameters:
    ///   - lines: the lines in UTF-8.
    ///   - count: how many of the end are kept.
    static func of<Line: Swift.Collection<UInt8>>(_ lines: [Line], last count: Int) -> [Line] {
        let end = lines.suffix(count)
        let before = lines.dropLast(count).reversed().lazy.filter { line in
            reports.contains { line.starts(with: $0) }
        }
        return before.prefix(maximumReports).reversed() + end
    }
}
