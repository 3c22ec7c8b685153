// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc

/// What a process takes of the machine, as the kernel counts it.
struct ProcessMeter {
    private let directory: String

    init(_ process: Int32) { directory = "/proc/\(process)" }

    /// The memory that it has now, in MiB.
    func memory() throws -> Double { try mebibytes("VmRSS") }

    /// The most that it has had since its start, or since ``forgetPeak()``, in MiB.
    func peak() throws -> Double { try mebibytes("VmHWM") }

    /// Lets ``peak()`` begin at the present size.
    func forgetPeak() throws { try Data("5".utf8).write(to: URL(filePath: directory + "/clear_refs")) }

    /// The time that processors have worked for it since its start, in seconds.
    func processorTime() throws -> Double {
        // The command's name, in parentheses, may hold anything; after it comes the third field.
        let fields = try text("stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            throw BenchmarkError(message: "\(directory)/stat has no times")
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// How many threads it has.
    func threads() throws -> Int { try tasks().count }

    /// How often its threads have gone to sleep by themselves, and so been woken up.
    func wakeups() throws -> Int {
        try tasks().reduce(0) { sum, task in
            // A thread may have ended since.
            guard let status = try? text("task/\(task)/status") else { return sum }
            return sum + (Self.field("voluntary_ctxt_switches", of: status) ?? 0)
        }
    }

    /// How many TCP connections it has open.
    func connections() throws -> Int {
        let files = try FileManager.default.contentsOfDirectory(atPath: directory + "/fd")
        let sockets = Set(
            files.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: directory + "/fd/" + $0) }
        )
        return try ["net/tcp", "net/tcp6"].reduce(0) { sum, table in
            sum
                + (try text(table)).split(separator: "\n").dropFirst().count { line in
                    let columns = line.split(separator: " ")
                    // The state 01 is an established connection; the tenth column is the socket's number.
                    return columns.count > 9 && columns[3] == "01" && sockets.contains("socket:[\(columns[9])]")
                }
        }
    }

    private func tasks() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory + "/task")
    }

    private func mebibytes(_ name: String) throws -> Double {
        guard let kibibytes = Self.field(name, of: try text("status")) else {
            throw BenchmarkError(message: "\(directory)/status has no \(name)")
        }
        return Double(kibibytes) / 1024
    }

    private func text(_ file: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(directory)/\(file)"), encoding: .utf8)
    }

    private static func field(_ name: String, of status: String) -> Int? {
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    }
}
