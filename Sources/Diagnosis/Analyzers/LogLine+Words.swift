// SPDX-License-Identifier: Apache-2.0

extension LogLine {
    /// Whether a line is one of a stack trace.
    static func isFrame(_ line: String) -> Bool {
        let words = line.drop { $0 == " " || $0 == "\t" }
        return words.hasPrefix("at ") || (words.hasPrefix("... ") && words.hasSuffix(" more"))
            || words.hasSuffix(" common frames omitted") || isGoFrame(words) || isNumberedFrame(words)
            || (words.hasBytes(", called at ") && words.hasBytes(".hs:"))
    }

    /// Go: "goroutine 1 [running]:", "main.(*Server).Start(0x0)" and under it "/src/main.go:42 +0x1c".
    private static func isGoFrame(_ line: Substring) -> Bool {
        guard let last = line.utf8.last else { return false }
        if last == UInt8(ascii: ")") {
            guard let open = line.utf8.lastIndex(of: UInt8(ascii: "(")) else { return false }
            let name = line[..<open]
            let arguments = line[open...].dropFirst()
            let isCall =
                arguments == ")" || arguments == "...)" || arguments.hasPrefix("0x") || arguments.hasPrefix("{0x")
            return isCall && name.utf8.contains(UInt8(ascii: ".")) && !name.utf8.contains(UInt8(ascii: " "))
        }
        if last == UInt8(ascii: ":") { return line.hasPrefix("goroutine ") && line.hasSuffix("]:") }
        guard isHexadecimal(last), line.utf8.count > 8 else { return false }
        return line.suffix(14).hasBytes(" +0x") && line.hasBytes(".go:")
    }

    /// Swift and others: "0    libswiftCore.so 0x00007f swift_reportFatalError + 50".
    private static func isNumberedFrame(_ line: Substring) -> Bool {
        guard let first = line.utf8.first, (0x30...0x39).contains(first) else { return false }
        let words = line.split(separator: " ", maxSplits: 3)
        return words.count >= 3 && words[0].utf8.count <= 4 && words[0].utf8.allSatisfy { (0x30...0x39).contains($0) }
            && words[2].hasPrefix("0x")
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// Whether a line says no more than that the program ends.
    static func saysOnlyThatItEnds(_ line: String) -> Bool {
        if general.matches(anyIn: line) { return true }
        // What stands after the last bracket or colon: "[ERROR] [Server] Aborting".
        let end = line.utf8.lastIndex { "]:".utf8.contains($0) }
        let tail = (end.map { line[$0...].dropFirst() } ?? line[...]).lowercased()
        let words = tail.split { " .!".contains($0) }
        guard words.count <= 5 else { return false }
        let said = words.joined(separator: " ")
        return lastWords.contains(said) || said.hasSuffix("initialization failed")
    }

    private static let lastWords: Set<String> = [
        "aborting", "aborted", "aborted (core dumped)", "exiting", "exiting now", "fatal error", "startup failed",
        "boot failed",
    ]
    private static let general = PhraseMatcher([
        "did not exit normally", "program will exit", "errors found in configuration",
        "error(s) found in configuration", "compilation aborted", "could not create the java virtual machine",
        "kernel pid terminated", "crash dump is being written", "due to previous error",
        "for further information visit", "runtime terminating during boot", "for more details run",
        "for more information run", "for more information, see", "for more information on this error",
    ])
}
