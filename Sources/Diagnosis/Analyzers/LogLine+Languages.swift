// SPDX-License-Identifier: Apache-2.0

extension LogLine {
    /// The line in which the runtime of a language says why a program has ended; nil if none of them does.
    ///
    /// Of several reports the last one counts, and of a chain of causes the innermost.
    static func report(in lines: [String]) -> String? {
        // What a program says after its report is only that it ends.
        for (index, line) in lines.enumerated().reversed() {
            if let report = report(at: index, line, in: lines) { return report }
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
        // Go, whose panics are followed by all goroutines.
        if line.hasPrefix("panic: ") || line.hasPrefix("fatal error: ") { return line }
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
        if before.contains(where: { $0.hasPrefix("Traceback (most recent call last)") }) { return line }
        // Node's is followed by its frames, or by its version.
        let after = lines[(index + 1)...].prefix(30)
        return after.contains { isFrame($0) || $0.hasPrefix("Node.js v") } ? line : nil
    }

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
