// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Redaction
import Subprocess
import SystemPackage

#if canImport(Glibc)
import Glibc
#endif

extension ExecPlugin {
    /// The most that a plugin may print; a credential has some kilobytes.
    static let maximumOutputBytes = 1 << 20
    /// How much of the end of its standard error is kept for an error.
    static let maximumErrorBytes = 4 << 10

    private struct Ending: Sendable {
        var output: [UInt8]
        var errors: [UInt8]
        var status: TerminationStatus
    }

    /// Runs the program and reads what it prints.
    ///
    /// No thread of Swift's pool waits for it. If the task is cancelled, or the time is over, the program and what it
    /// has started are ended.
    func run() async throws(KubeError) -> ExecCredential {
        let isTerminal = isatty(STDIN_FILENO) == 1
        if interactiveMode == .always, !isTerminal {
            throw failure("has to talk to a person (interactiveMode Always), and standard input is not a terminal")
        }
        let isInteractive = interactiveMode != .never && isTerminal
        let ending = try await withinTimeLimit(isInteractive ? max(timeLimit, .seconds(600)) : timeLimit) {
            isInteractive ? try await self.runWithTerminal() : try await self.runAlone()
        }
        guard ending.status.isSuccess else {
            let end =
                switch ending.status {
                case .exited(let code): "failed with exit code \(code)"
                case .signaled(let signal): "was ended by signal \(signal)"
                }
            let words = presentable(ending.errors)
            throw failure(words.isEmpty ? "\(end) and said nothing" : "\(end): \(words)")
        }
        return try ExecCredential(printed: ending.output, by: self)
    }

    private func runAlone() async throws -> Ending {
        var platform = PlatformOptions()
        // What a script has started ends with it.
        platform.createSession = true
        platform.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500)),
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500)),
        ]
        let result = try await Subprocess.run(
            try await executable(),
            arguments: Arguments(arguments),
            environment: variables(isInteractive: false),
            platformOptions: platform,
            input: .none,
            output: .sequence,
            error: .sequence
        ) { execution in
            async let errors = Self.end(of: execution.standardError)
            let output = try await self.wholeOutput(execution.standardOutput)
            return (output, try await errors)
        }
        return Ending(
            output: result.closureResult.0,
            errors: result.closureResult.1,
            status: result.terminationStatus
        )
    }

    /// Its standard error is the terminal's: that is where it asks its questions.
    private func runWithTerminal() async throws -> Ending {
        let result = try await Subprocess.run(
            try await executable(),
            arguments: Arguments(arguments),
            environment: variables(isInteractive: true),
            input: .currentStandardInput,
            output: .sequence,
            error: .currentStandardError
        ) { try await self.wholeOutput($0.standardOutput) }
        return Ending(
            output: result.closureResult,
            errors: Array("what it said is on the terminal".utf8),
            status: result.terminationStatus
        )
    }

    private func executable() async throws -> Executable {
        // A bare name is looked up in this process's PATH, as kubectl does, not in the one that env gives the plugin.
        let wanted: Executable = command.contains("/") ? .path(FilePath(command)) : .name(command)
        return .path(try await wanted.resolveExecutablePath(in: .inherit))
    }

    private func variables(isInteractive: Bool) -> Environment {
        var updates: [Environment.Key: String?] = [:]
        for (name, value) in environment { updates[Environment.Key(stringLiteral: name)] = value }
        updates["KUBERNETES_EXEC_INFO"] = String(decoding: request(isInteractive: isInteractive), as: UTF8.self)
        return .inherit.updating(updates)
    }

    private func wholeOutput(_ stream: SubprocessOutputSequence) async throws -> [UInt8] {
        var output: [UInt8] = []
        for try await piece in stream {
            guard output.count + piece.count <= Self.maximumOutputBytes else {
                throw failure("printed more than \(Self.maximumOutputBytes >> 20) MiB: expected an ExecCredential")
            }
            piece.withUnsafeBytes { output += $0 }
        }
        return output
    }

    private static func end(of stream: SubprocessOutputSequence) async throws -> [UInt8] {
        var end: [UInt8] = []
        for try await piece in stream {
            piece.withUnsafeBytes { end += $0.suffix(maximumErrorBytes) }
            end.removeFirst(max(0, end.count - maximumErrorBytes))
        }
        return end
    }

    /// What the program said, without control characters and without what looks like a credential.
    private func presentable(_ bytes: [UInt8]) -> String {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        var text = Redaction.redact(lines.joined(separator: "\n"))
        // Whoever puts a secret into the plugin's variables does not want to see it here.
        for (name, value) in environment where !value.isEmpty {
            let assignment = "\(name)=\(value)"
            guard Redaction.redact(assignment) != assignment else { continue }
            text = text.replacing(value, with: Redaction.placeholder)
        }
        let words = text.split(whereSeparator: \.isNewline).joined(separator: "; ")
        return String(words.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    }

    private func withinTimeLimit(
        _ limit: Duration,
        _ body: @escaping @Sendable () async throws -> Ending
    ) async throws(KubeError) -> Ending {
        do {
            let ending = try await withThrowingTaskGroup(of: Ending?.self) { group in
                group.addTask { try await body() }
                group.addTask {
                    try await Task.sleep(for: limit)
                    return nil
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
            if let ending { return ending }
        } catch let error as KubeError {
            throw error
        } catch let error as SubprocessError where error.code == .executableNotFound {
            let hint = installHint.isEmpty ? "" : "\n\n\(installHint)"
            throw failure("is not there or cannot be started: install it, or correct the command\(hint)")
        } catch is CancellationError {
            throw .cancelledRequest
        } catch {
            guard !Task.isCancelled else { throw .cancelledRequest }
            throw failure("cannot be run: \(error)", cause: error)
        }
        throw failure("did not end within \(limit)")
    }
}
