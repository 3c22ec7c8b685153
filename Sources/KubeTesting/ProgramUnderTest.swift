// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A program that was built beside the tests, run as its users run it.
public final class ProgramUnderTest: Sendable {
    /// What a program left behind when it ended.
    public struct Ending: Sendable {
        /// Its exit code; 128 plus the signal if one ended it.
        public var exitCode: Int
        /// What it wrote to standard output.
        public var output: String
        /// What it wrote to standard error.
        public var errors: String
    }

    private let commands: AsyncStream<Signal>.Continuation
    private let identifier: Identifier
    private let lines: Lines
    private let runner: Task<Ending, any Error>

    /// Starts a program that goes on until it is told to stop, or ends by itself.
    /// - Parameters:
    ///   - name: the name of the executable product.
    ///   - arguments: what follows the name on the command line.
    ///   - environment: what differs from this process's environment; `KUBECONFIG` is not inherited.
    public init(_ name: String, _ arguments: [String], environment: [String: String] = [:]) {
        let (stream, continuation) = AsyncStream.makeStream(of: Signal.self)
        let identifier = Identifier()
        let lines = Lines()
        commands = continuation
        self.identifier = identifier
        self.lines = lines
        runner = Task {
            defer { lines.finish() }
            return try await Self.run(name, arguments, environment, stream, identifier, lines)
        }
    }

    /// The id of the process; nil before it has started.
    public var processIdentifier: Int32? { identifier.value.withLock { $0 } }

    /// How much of the machine's memory the program takes (its resident set), in bytes; nil before it has started and
    /// after it has ended.
    public var residentBytes: Int? {
        guard let process = identifier.value.withLock({ $0 }),
            let status = try? String(contentsOf: URL(filePath: "/proc/\(process)/status"), encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
        else { return nil }
        return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }

    /// The id of the process, known once it has started.
    private final class Identifier: Sendable {
        let value = Mutex<Int32?>(nil)
    }

    /// The lines that the program writes to standard error.
    private final class Lines: Sendable {
        private struct State {
            var written: [String] = []
            var readers: [AsyncStream<String>.Continuation] = []
            var isFinished = false
        }

        private let state = Mutex(State())

        func append(_ line: String) {
            state.withLock { state in
                state.written.append(line)
                for reader in state.readers { reader.yield(line) }
            }
        }

        var isFinished: Bool { state.withLock { $0.isFinished } }

        func finish() {
            state.withLock { state in
                state.isFinished = true
                for reader in state.readers { reader.finish() }
            }
        }

        var all: AsyncStream<String> {
            let (stream, reader) = AsyncStream.makeStream(of: String.self)
            state.withLock { state in
                for line in state.written { reader.yield(line) }
                if state.isFinished { reader.finish() } else { state.readers.append(reader) }
            }
            return stream
        }
    }

    /// Waits for a line on standard error that contains all of these texts, and returns it; nil if the program ends
    /// without one.
    public func errorLine(containing texts: String...) async -> String? {
        for await line in lines.all where texts.allSatisfy({ line.contains($0) }) { return line }
        return nil
    }

    /// Runs a program to its end.
    public static func run(
        _ name: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> Ending {
        try await ProgramUnderTest(name, arguments, environment: environment).ending()
    }

    /// Asks the program to stop (SIGTERM).
    public func terminate() { commands.yield(.terminate) }

    /// Ends the program without a chance to do anything more (SIGKILL).
    public func kill() { commands.yield(.kill) }

    /// Stops the program where it is, as if its machine had frozen (SIGSTOP).
    ///
    /// It does nothing more once this has returned.
    public func suspend() async {
        // A program may have done its first work before this process is told which one it is.
        while identifier.value.withLock({ $0 }) == nil, !lines.isFinished {
            try? await Task.sleep(for: .milliseconds(2))
        }
        signalAtOnce(SIGSTOP)
    }

    /// Lets a suspended program go on (SIGCONT).
    public func resume() { commands.yield(.resume) }

    /// The program runs, so nobody else can have got its id.
    private func signalAtOnce(_ signal: Int32) {
        guard let process = identifier.value.withLock({ $0 }) else { return }
        _ = Glibc.kill(process, signal)
    }

    /// Waits until the program has ended.
    public func ending() async throws -> Ending { try await runner.value }

    deinit { kill() }

    private static func run(
        _ name: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ signals: AsyncStream<Signal>,
        _ identifier: Identifier,
        _ lines: Lines
    ) async throws -> Ending {
        // What a test inherits from a shell must not decide which cluster it talks to.
        var updates: [Environment.Key: String?] = ["KUBECONFIG": nil]
        for (key, value) in environment { updates[Environment.Key(stringLiteral: key)] = value }
        let result = try await Subprocess.run(
            .path(FilePath(directory + "/" + name)),
            arguments: Arguments(arguments),
            environment: .inherit.updating(updates),
            input: .none,
            output: .sequence,
            error: .sequence
        ) { execution in
            identifier.value.withLock { $0 = execution.processIdentifier.value }
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await signal in signals { try? execution.send(signal: signal) }
                }
                async let output = text(of: execution.standardOutput)
                async let errors = text(of: execution.standardError) { lines.append($0) }
                // Both streams end when the program does.
                let texts = try await (output, errors)
                group.cancelAll()
                return texts
            }
        }
        let code =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): 128 + Int(signal)
            }
        return Ending(exitCode: code, output: result.closureResult.0, errors: result.closureResult.1)
    }

    private static func text(
        of sequence: SubprocessOutputSequence,
        _ onLine: @Sendable (String) -> Void = { _ in }
    ) async throws -> String {
        var text = ""
        // A report as JSON is one line, however much it says.
        for try await line in sequence.strings(bufferingPolicy: .unbounded) {
            text += line + "\n"
            onLine(line)
        }
        return text
    }

    /// Where the products lie: beside the test program itself, wherever it was started from.
    private static var directory: String {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return program.lastIndex(of: "/").map { String(program[..<$0]) } ?? "."
    }
}
