// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Testing

/// Ways to run the program that are not those of `ProgramUnderTest` alone.
enum Programs {
    /// What a developer's own shell says must not decide what is tested.
    private static let plain = ["COLUMNS": "", "NO_COLOR": "", "TERM": "xterm"]

    static func aetherius(
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> ProgramUnderTest.Ending {
        try await ProgramUnderTest.run("aetherius", arguments, environment: plain.merging(environment) { $1 })
    }

    static func diagnose(
        _ cluster: TestCluster,
        _ arguments: String...,
        environment: [String: String] = [:]
    ) async throws -> ProgramUnderTest.Ending {
        try await aetherius(["diagnose", "--kubeconfig", cluster.kubeconfig] + arguments, environment: environment)
    }

    /// Runs a program of the system.
    static func system(
        _ name: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> ProgramUnderTest.Ending {
        let search = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let path = search.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        // ProgramUnderTest looks beside the tests; from there this is the way to the top of the file system.
        let fromTop = String(repeating: "../", count: 40)
        return try await ProgramUnderTest.run(
            fromTop + (try #require(path, "\(name) has to be installed")),
            arguments,
            environment: plain.merging(environment) { $1 }
        )
    }

    /// Runs the program with a terminal as its output; what it writes to standard error is among its output.
    static func aetheriusOnTerminal(
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> ProgramUnderTest.Ending {
        let words = [try path] + arguments
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        return try await system("script", ["-qec", line, "/dev/null"], environment: environment)
    }

    /// Where the program lies.
    static var path: String {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return tests.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
                + "/aetherius"
        }
    }

    /// Makes a directory that is gone after the closure.
    static func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        try await KubeTesting.withDirectory(body)
    }
}
