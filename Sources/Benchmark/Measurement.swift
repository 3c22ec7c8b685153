// SPDX-License-Identifier: Apache-2.0
import Foundation
import KubeClient

/// Ways to measure.
enum Measurement {
    /// The shortest of several runs: what the machine does beside it only ever makes a run longer.
    static func best<Value>(of runs: Int, _ body: () throws -> Value) rethrows -> (time: Duration, value: Value) {
        let clock = ContinuousClock()
        func run() throws -> (time: Duration, value: Value) {
            let start = clock.now
            let value = try body()
            return (clock.now - start, value)
        }
        var best = try run()
        for _ in 1..<runs {
            let next = try run()
            if next.time < best.time { best = next }
        }
        return best
    }

    /// By how many bytes the process's resident memory grows at its highest while something runs.
    static func peakGrowth<Value>(_ body: () throws -> Value) throws -> (bytes: Int, value: Value) {
        let peak = try Peak()
        let value = try body()
        return (try peak.growth(), value)
    }

    /// A number in the environment; nil if it is not set.
    static func setting(_ name: String) throws -> Int? {
        guard let text = ProcessInfo.processInfo.environment[name], !text.isEmpty else { return nil }
        guard let number = Int(text), number > 0 else {
            throw BenchmarkError(message: "\(name) is a number above 0, not \"\(text)\"")
        }
        return number
    }

    /// Says how far a long measurement is, where no figures go.
    static func remark(_ text: String) {
        FileHandle.standardError.write(Data("Benchmark: \(text)\n".utf8))
    }

    /// Watches the process's resident memory from its making on.
    struct Peak {
        private let before: Int

        init() throws {
            ProcessMemory.returnUnused()
            // Writing 5 resets the kernel's high-water mark to the present size.
            try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
            before = try Measurement.kibibytes("VmRSS")
        }

        /// By how many bytes it has grown at its highest.
        func growth() throws -> Int { (try Measurement.kibibytes("VmHWM") - before) << 10 }
    }

    fileprivate static func kibibytes(_ field: String) throws -> Int {
        let status = try String(contentsOf: URL(filePath: "/proc/self/status"), encoding: .utf8)
        guard
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("\(field):") }),
            let number = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
        else { throw BenchmarkError(message: "/proc/self/status has no \(field)") }
        return number
    }
}

extension Duration {
    /// The whole duration in milliseconds, with their fraction.
    var milliseconds: Double { self / .milliseconds(1) }
}
