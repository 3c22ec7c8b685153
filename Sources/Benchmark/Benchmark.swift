// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Measures what the project promises in figures.
///
/// `Benchmark [NAME…]` measures the named figures, or all that do not take long, and prints one JSON line for each; `Benchmark --list`
/// prints the names. It fails if a result is wrong, whatever its speed. Build it with `-c release`.
@main
enum Benchmark {
    /// All there is to measure; a new group of figures needs its file and its line here.
    static var groups: [any FigureGroup.Type] {
        [
            AgentFigures.self,
            ClusterDiagnosis.self,
            FleetFigures.self,
            InformerIdleFigures.self,
            InformerLatencyFigures.self,
            InformerSaturation.self,
            InformerSyncFigures.self,
            JSONPassing.self,
            OperatorFigures.self,
            PodListDecoding.self,
            PodListing.self,
            TakeoverFigures.self,
            WorkQueueFigures.self,
        ]
    }

    static func main() async {
        do {
            try await run()
        } catch {
            // Thrown out of main it would end in a crash report.
            let words = Array("Benchmark: \(error)\n".utf8)
            _ = write(STDERR_FILENO, words, words.count)
            exit(1)
        }
    }

    private static func run() async throws {
        let names = CommandLine.arguments.dropFirst()
        if names.first == SubjectProgram.argument { return try await SubjectProgram.run(Array(names.dropFirst())) }
        if names.contains("--list") {
            for group in groups { print(group.name) }
            return
        }
        let known = Set(groups.map { $0.name })
        if let unknown = names.first(where: { !known.contains($0) }) {
            throw BenchmarkError(message: "there is no figure '\(unknown)': see --list")
        }
        for group in groups where names.isEmpty ? !group.isOnlyOnRequest : names.contains(group.name) {
            for figure in try await group.measure() { print(figure.line) }
        }
    }
}

/// Figures that are measured together.
protocol FigureGroup {
    /// The name on the command line.
    static var name: String { get }
    /// Whether it takes so long that it is measured only when it is named.
    static var isOnlyOnRequest: Bool { get }
    /// Measures and checks.
    static func measure() async throws -> [Figure]
}

extension FigureGroup {
    static var isOnlyOnRequest: Bool { false }
}

/// Why a figure could not be measured.
struct BenchmarkError: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}
