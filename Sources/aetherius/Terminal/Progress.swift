// SPDX-License-Identifier: Apache-2.0

/// Tells whoever waits at a terminal that something still happens.
///
/// Most clusters answer within a second; then nothing is shown. What is shown is gone when the answer comes.
enum Progress {
    /// Does some work, and shows what it is if it takes long.
    static func during<Value>(_ what: String, _ work: () async throws -> Value) async rethrows -> Value {
        guard Terminal.errors.isInteractive else { return try await work() }
        let width = Terminal.errors.width ?? 80
        let ticker = Task {
            var (seconds, longest) = (0, 0)
            while true {
                guard (try? await Task.sleep(for: .seconds(1))) != nil else { break }
                seconds += 1
                // A line that the terminal breaks in two could not be taken back.
                let line = Printable.line("\(what), \(seconds) s").prefix(max(width - 1, 1))
                StandardError.write("\r\(line)")
                longest = max(longest, line.count)
            }
            // Blanks and no escape sequence: not every terminal knows one, and who wants no colour may want none.
            if longest > 0 { StandardError.write("\r\(String(repeating: " ", count: longest))\r") }
        }
        do {
            let result = try await work()
            ticker.cancel()
            await ticker.value
            return result
        } catch {
            ticker.cancel()
            await ticker.value
            throw error
        }
    }
}
