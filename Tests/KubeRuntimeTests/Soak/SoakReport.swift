// SPDX-License-Identifier: Apache-2.0
import KubeTesting

extension SoakRun {
    /// What has happened in a soak.
    struct Report: Sendable {
        var schedule: FaultSchedule
        /// How often was written; more than asked for while a server is disturbed.
        var writeCount = 0
        var requestedWriteCount = 0
        var statistics = FaultProxy.Statistics()
        /// How many events all handlers have heard.
        var eventCount = 0
        /// How long informers took to catch up.
        var catchUp = Duration.zero
        var total = Duration.zero
        /// What is not as it should be.
        var problems: [String] = []
    }
}

extension SoakRun.Report: CustomStringConvertible {
    var seed: UInt64 { schedule.seed }

    var description: String {
        let requests = statistics.requests
        return """
            seed \(seed): \(problems.isEmpty ? "passed" : "FAILED"), \(writeCount) writes, \
            \(statistics.faultCount) faults, \(requests[.list] ?? 0) lists, \(requests[.watch] ?? 0) watches, \
            \(statistics.serverFailureCount) failures of the server, \(eventCount) events, \
            caught up in \(Self.seconds(catchUp)) s, \(Self.seconds(total)) s in all (\(Self.describe(statistics.faults)))
            """
    }

    /// What repeats it.
    var command: String {
        let fault = schedule.faults.count == 1 ? " FAULT=\(schedule.faults[0].rawValue)" : ""
        return "make soak SEED=\(seed) WRITES=\(requestedWriteCount)\(fault)"
    }

    /// What to print when it has failed.
    var failure: String {
        """
        \(description)
        \(problems.prefix(40).map { "  " + $0 }.joined(separator: "\n"))
          to do it again: \(command)
        """
    }

    static func describe(_ faults: [Fault: Int]) -> String {
        faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value)" }
            .joined(separator: ", ")
    }

    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int(duration / .milliseconds(100))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
