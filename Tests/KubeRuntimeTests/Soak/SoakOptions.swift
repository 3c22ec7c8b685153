// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting

/// What `make soak` asks for, by environment variables.
struct SoakOptions: Sendable {
    var seeds: [UInt64]
    /// How many seeds run at a time.
    var jobs = 2
    var writeCount = 1000
    /// The only kind of fault; nil for a mixture of all.
    var fault: Fault?

    /// Nil if nothing is asked for.
    init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        func number(_ name: String) -> UInt64? { environment["AETHERIUS_SOAK_\(name)"].flatMap { UInt64($0) } }
        if let seed = number("SEED") {
            seeds = [seed]
        } else if let count = number("SEEDS"), count > 0 {
            let first = number("FROM") ?? 1
            seeds = Array(first..<(first + count))
        } else {
            return nil
        }
        if let jobs = number("JOBS") { self.jobs = max(1, Int(jobs)) }
        if let writeCount = number("WRITES") { self.writeCount = max(20, Int(writeCount)) }
        fault = environment["AETHERIUS_SOAK_FAULT"].flatMap(Fault.init(rawValue:))
    }

    func schedule(seed: UInt64) -> FaultSchedule {
        fault.map { .only($0, seed: seed) } ?? .mixed(seed: seed)
    }
}

extension FaultSchedule {
    /// The faults of a soak.
    ///
    /// Every third seed has none but those after which a watch is taken up where it ended: a list, which many of the
    /// others lead to, would make good what was lost before.
    static func mixed(seed: UInt64) -> FaultSchedule {
        guard seed.isMultiple(of: 3) else { return FaultSchedule(seed: seed) }
        return FaultSchedule(seed: seed, faults: Fault.allCases.filter(\.isResumable), rate: 0.8)
    }

    /// One kind of fault, again and again.
    static func only(_ fault: Fault, seed: UInt64 = 1) -> FaultSchedule {
        FaultSchedule(seed: seed, faults: [fault], rate: 0.7)
    }
}
