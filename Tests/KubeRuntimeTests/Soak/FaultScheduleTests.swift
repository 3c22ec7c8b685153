// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

struct FaultScheduleTests {
    private func plans(
        _ schedule: FaultSchedule,
        _ kind: FaultProxy.RequestKind,
        client: String = "one"
    ) -> [FaultSchedule.Plan?] {
        (0..<200).map { schedule.plan(for: kind, number: $0, client: client) }
    }

    @Test("given a seed, then the same happens each time; given another seed or client, then something else does")
    func deterministic() {
        let schedule = FaultSchedule(seed: 5)
        #expect(plans(schedule, .watch) == plans(FaultSchedule(seed: 5), .watch))
        #expect(plans(schedule, .watch) != plans(FaultSchedule(seed: 6), .watch))
        #expect(plans(schedule, .watch) != plans(schedule, .watch, client: "two"))
    }

    @Test(
        "given enough requests, then each kind of fault that can happen to them comes up, and no other",
        arguments: FaultProxy.RequestKind.allCases
    )
    func complete(_ kind: FaultProxy.RequestKind) {
        let faults = plans(FaultSchedule(seed: 5, rate: 1), kind).compactMap { $0?.fault }
        #expect(Set(faults) == Set(Fault.allCases.filter { $0.requests.contains(kind) }))
    }

    @Test("given a rate, then that share of requests meets a fault")
    func rate() {
        #expect(plans(FaultSchedule(seed: 5, rate: 0), .list).allSatisfy { $0 == nil })
        #expect(plans(FaultSchedule(seed: 5, rate: 1), .list).allSatisfy { $0 != nil })
        let count = plans(FaultSchedule(seed: 5, rate: 0.5), .list).count { $0 != nil }
        #expect((70...130).contains(count))
    }
}
