// SPDX-License-Identifier: Apache-2.0
import KubeClient

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the system knows of this process, under the names that Prometheus' client libraries use.
///
/// On systems without `/proc` there are no values.
public enum ProcessMetrics {
    /// What the metrics are about.
    public static let descriptions = [cpu, residentMemory, virtualMemory, openFiles, startTime]

    private static let cpu = MetricDescription(
        "process_cpu_seconds_total",
        .counter,
        help: "Processor time that this process has used, in seconds."
    )
    private static let residentMemory = MetricDescription(
        "process_resident_memory_bytes",
        .gauge,
        help: "Memory of the machine that this process takes, in bytes."
    )
    private static let virtualMemory = MetricDescription(
        "process_virtual_memory_bytes",
        .gauge,
        help: "Addresses that this process has asked for, in bytes."
    )
    private static let openFiles = MetricDescription(
        "process_open_fds",
        .gauge,
        help: "Files and sockets that this process has open."
    )
    private static let startTime = MetricDescription(
        "process_start_time_seconds",
        .gauge,
        help: "When this process started, in seconds since 1970."
    )

    /// Adds the metrics to a registry.
    public static func register(in registry: MetricsRegistry) {
        registry.collect(cpu) { stat.map { [.init(Double($0.ticks) / ticksPerSecond)] } ?? [] }
        registry.collect(residentMemory) { stat.map { [.init(Double($0.residentPages) * pageSize)] } ?? [] }
        registry.collect(virtualMemory) { stat.map { [.init(Double($0.virtualBytes))] } ?? [] }
        registry.collect(openFiles) { openFileCount.map { [.init(Double($0))] } ?? [] }
        let started = startedAt
        registry.collect(startTime) { started.map { [.init($0)] } ?? [] }
    }

    private struct Stat {
        var ticks: UInt64
        var startTicks: UInt64
        var virtualBytes: UInt64
        var residentPages: UInt64
    }

    private static var ticksPerSecond: Double { Double(sysconf(Int32(_SC_CLK_TCK))) }
    private static var pageSize: Double { Double(sysconf(Int32(_SC_PAGESIZE))) }

    /// The fields of proc(5) after the program's name, which is in parentheses and may hold anything.
    private static var stat: Stat? {
        guard let text = read("/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ").map { UInt64($0) ?? 0 }
        guard fields.count > 21 else { return nil }
        return Stat(
            ticks: fields[11] + fields[12],
            startTicks: fields[19],
            virtualBytes: fields[20],
            residentPages: fields[21]
        )
    }

    private static var startedAt: Double? {
        guard let stat, let system = read("/proc/stat"),
            let line = system.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let boot = Double(line.dropFirst("btime ".count))
        else { return nil }
        return boot + Double(stat.startTicks) / ticksPerSecond
    }

    private static var openFileCount: Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        // Besides ".", ".." and the directory that is being read.
        var count = -3
        while readdir(directory) != nil { count += 1 }
        return count
    }

    private static func read(_ path: String) -> String? {
        (try? File.read(path, for: "what the system tells of this process")).map { String(decoding: $0, as: UTF8.self) }
    }
}
