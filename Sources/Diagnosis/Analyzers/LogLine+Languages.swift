// SPDX-License-Identifier: Apache-2.0

extension LogLine {
    /// The line in which the runtime of a language says why a program has ended; nil if none of them does.
    ///
    /// Of several reports the last one counts, and of a chain of causes the innermost.
    /// - Returns: the words, and where they stand or begin.
    static func report(in lines: [String]) -> (index: Int, text: String)? {
        // What a program says after its report is only that it ends.
        for (index, line) in lines.enumerated().reversed() {
            if let report = report(at: index, line, in: lines) { return (index, report) }
        }
        return nil
    }

    private static func report(at index: Int, _ line: String, in lines: [String]) -> String? {
        // Java, Kotlin, Scala; .NET writes its chain the other way round, with the innermost one last as well.
        if line.hasPrefix("Caused by: ") { return line }
        if line.hasPrefix("---> "), !line.contains("End of inner") { return String(line.dropFirst(5)) }
        if line.hasPrefix("Exception in thread ") || line.hasPrefix("Unhandled exception. ")
            || line.hasPrefix("Unhandled Exception: ")
        {
            return line
        }
        // Go, whose panics are followed by the signal that was one, and by all goroutines.
        if isPanic(line) { return line }
        if line.hasPrefix("[signal "), let panic = lines[max(0, index - 5)..<index].last(where: isPanic) {
            return panic
        }
        // C++, which says what was thrown on a line of its own.
        if line.hasPrefix("what(): "), index > 0, lines[index - 1].hasPrefix("terminate called ") { return line }
        // Node, of a promise that was rejected with something else than an error.
        if line.hasPrefix("[UnhandledPromiseRejection") {
            let reason = line.firstBytes("The promise rejected with the reason ")
            return reason.map { String(line[$0.lowerBound...]) } ?? line
        }
        // Rust since 1.73 writes the words on a line of their own.
        if line.hasPrefix("thread '"), line.contains(" panicked at ") {
            let isAlone = line.hasSuffix(":")
            return isAlone && index + 1 < lines.count ? lines[index + 1] : line
        }
        // PHP.
        if line.hasPrefix("PHP Fatal error:") || line.hasPrefix("Fatal error: Uncaught") { return line }
        // Ruby: "app.rb:3:in `boot': no database (RuntimeError)".
        if line.hasSuffix("Error)") || line.hasSuffix("Exception)"), line.contains(":in ") { return line }
        // nginx.
        if line.contains("[emerg]") { return line }
        // Shells: "sh: 1: serve: not found", "run.sh: line 3: FOO: unbound variable".
        if line.hasSuffix(": not found") || line.hasSuffix(": command not found")
            || line.hasSuffix(": unbound variable")
        {
            return line
        }
        if line.hasPrefix("Segmentation fault") || line.contains("SIGSEGV: segmentation violation") { return line }
        return exceptionName(line) ? trace(at: index, line, in: lines) : nil
    }

    /// Python's last line of a trace, and Node's first: a name that ends with Error or Exception, and a colon.
    private static func trace(at index: Int, _ line: String, in lines: [String]) -> String? {
        let before = lines[max(0, index - 200)..<index]
        if let start = before.lastIndex(where: { isPythonStart($0) }) {
            // What goes wrong while Python tidies up does not end it: its trace, if any, begins after this line.
            let isIgnored = isIgnored(lines[start]) || (start > 0 && isIgnored(lines[start - 1]))
            return isIgnored ? nil : line
        }
        // Node's is followed by its frames, or by its version.
        let after = lines[(index + 1)...].prefix(30)
        return after.contains { isFrame($0) || $0.hasPrefix("Node.js v") } ? line : nil
    }

    private static func isPanic(_ line: String) -> Bool {
        line.hasPrefix("panic: ") || line.hasPrefix("fatal error: ")
    }

    private static func isPythonStart(_ line: String) -> Bool {
        line.hasPrefix("Traceback (most recent call last)") || isIgnored(line)
    }

    private static func isIgnored(_ line: String) -> Bool { line.hasPrefix("Exception ignored ") }

    private static func exceptionName(_ line: String) -> Bool {
        var line = line[...]
        if line.hasPrefix("Uncaught ") { line = line.dropFirst(9) }
        let name = line.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
        guard !name.isEmpty, name.utf8.count <= 200 else { return false }
        let rest = line[name.endIndex...]
        guard rest.isEmpty || rest.hasPrefix(":") || rest.hasPrefix(" [") else { return false }
        return ["Error", "Exception", "Exit", "Interrupt", "Failure", "NotFound"].contains { name.hasSuffix($0) }
            || (name.contains(".") && name.split(separator: ".").last?.first?.isUppercase == true
                && rest.hasPrefix(":"))
    }
}
