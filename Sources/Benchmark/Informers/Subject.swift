// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Subprocess
import SystemPackage

/// A process that is measured: this program started again, or the same done with client-go.
///
/// It has a process of its own, so that its memory, threads and connections are nobody else's.
struct Subject: Sendable {
    enum Program: String, CaseIterable {
        case own = "KubeRuntime"
        case reference = "client-go"

        /// Nil if it is not there.
        var path: String? {
            switch self {
            case .own: return try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            case .reference: return ProcessInfo.processInfo.environment["BENCHMARK_REFERENCE"]
            }
        }
    }

    /// Its id.
    let process: Int32
    private let input: StandardInputWriter
    private let lines: Lines

    /// What it prints, for one reader.
    private actor Lines {
        private var iterator: SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator

        init(_ output: SubprocessOutputSequence) { iterator = output.strings().makeAsyncIterator() }

        func next() async throws -> String? {
            var iterator = iterator
            let line = try await iterator.next()
            self.iterator = iterator
            return line
        }
    }

    /// Whether the reference was built, without which there are only figures of our own.
    static var hasReference: Bool { Program.reference.path != nil }

    /// Starts a process, which has ended when this returns.
    /// - Parameter limit: one that takes longer is killed, so that what is awaited of it is an error and not for ever.
    static func run<Value: Sendable>(
        _ program: Program,
        _ arguments: [String],
        limit: Duration = .seconds(600),
        _ body: @Sendable (Subject) async throws -> Value
    ) async throws -> Value {
        guard let path = program.path else {
            throw BenchmarkError(message: "\(program.rawValue): BENCHMARK_REFERENCE does not name the program")
        }
        return try await Subprocess.run(
            .path(FilePath(path)),
            arguments: Arguments(program == .own ? [SubjectProgram.argument] + arguments : arguments),
            input: .inputWriter,
            output: .sequence,
            error: .currentStandardError
        ) { execution in
            let subject = Subject(
                process: execution.processIdentifier.value,
                input: execution.standardInputWriter,
                lines: Lines(execution.standardOutput)
            )
            let watchdog = Task {
                try await Task.sleep(for: limit)
                try execution.send(signal: .kill)
            }
            defer { watchdog.cancel() }
            let value = try await body(subject)
            try await execution.standardInputWriter.finish()
            return value
        }.closureResult
    }

    /// Tells it to go on with the next step.
    func goOn() async throws { _ = try await input.write("\n") }

    /// The numbers of the next line, which begins with this word.
    func numbers(after word: String) async throws -> [Double] {
        let line = try await lines.next() ?? "its end"
        let words = line.split(separator: " ")
        guard words.first == Substring(word) else {
            throw BenchmarkError(message: "a subject said '\(line)' and not '\(word)'")
        }
        return words.dropFirst().compactMap { Double($0) }
    }
}
