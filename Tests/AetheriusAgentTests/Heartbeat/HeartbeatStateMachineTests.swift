// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Testing

@testable import AetheriusAgent

@Suite("The heartbeat")
struct HeartbeatStateMachineTests {
    private typealias Step = HeartbeatStateMachine.Step

    private func at(_ seconds: Double) -> AnyClock.Instant { AnyClock.Instant(offset: .seconds(seconds)) }

    private func lease(_ holder: String?, version: String) -> Lease {
        var lease = Lease(metadata: ObjectMeta(name: "edge"))
        lease.metadata.resourceVersion = version
        lease.holderIdentity = holder
        return lease
    }

    private func machine(predecessors: String? = nil) -> HeartbeatStateMachine {
        HeartbeatStateMachine(identity: "pod-b_1", predecessors: predecessors, interval: .seconds(30))
    }

    @Test(
        "given a Lease that nobody holds, then it is renewed at once, and again after the interval and up to a quarter more"
    )
    func free() {
        var machine = machine()
        #expect(machine.read(lease("", version: "1"), at: at(0)) == .renew(resourceVersion: "1"))
        #expect(!machine.isHolder)
        let next = machine.renewed(lease("pod-b_1", version: "2"), at: at(0), random: 0)
        #expect(next == .wait(.seconds(30), then: .renew(resourceVersion: "2")))
        #expect(machine.isHolder)
        let later = machine.renewed(lease("pod-b_1", version: "3"), at: at(30), random: 1)
        #expect(later == .wait(.seconds(37.5), then: .renew(resourceVersion: "3")))
    }

    @Test("given the Lease of an earlier run in the same pod, then it is taken over at once")
    func predecessor() {
        var machine = machine(predecessors: "pod-b_")
        #expect(machine.read(lease("pod-b_0", version: "7"), at: at(0)) == .renew(resourceVersion: "7"))
    }

    @Test(
        "given a Lease that somebody else has left behind, then it is taken over once a live agent would have renewed it"
    )
    func abandoned() {
        var machine = machine()
        var time = 0.0
        while time < 60 {
            let step = machine.read(lease("pod-a_1", version: "7"), at: at(time))
            if step == .renew(resourceVersion: "7") { break }
            #expect(step == .wait(.seconds(5), then: .read))
            #expect(machine.duplicate == nil)
            time += 5
        }
        #expect(time == 50)
    }

    /// After how long a Lease of somebody else is taken that stays as it is.
    private func takeover(_ machine: HeartbeatStateMachine, holding seconds: Int) -> Double {
        var (machine, time) = (machine, 0.0)
        var lease = lease("pod-a_1", version: "7")
        lease.leaseDurationSeconds = seconds
        while machine.read(lease, at: at(time)) != .renew(resourceVersion: "7") { time += 5 }
        return time
    }

    @Test(
        "given a holder that said for how long it holds the Lease, then that counts, and not how often this agent would beat",
        // Half of it and a quarter of that, and ten seconds; never more than the whole.
        arguments: [(10, 10.0), (15, 15.0), (90, 70.0), (600, 385.0)]
    )
    func heldFor(seconds: Int, takenAfter: Double) { #expect(takeover(machine(), holding: seconds) == takenAfter) }

    @Test("given a holder with the settings that this agent knows, then the interval itself counts")
    func sameSettings() {
        var machine = machine()
        machine.leaseDuration = .seconds(90)
        #expect(takeover(machine, holding: 90) == 50)
        // Settings that have changed since are not those that the holder beats by.
        machine.interval = .seconds(5)
        machine.leaseDuration = .seconds(15)
        #expect(takeover(machine, holding: 90) == 70)
    }

    @Test("given another agent that goes on renewing, then this one does not act, says so, and takes over when it ends")
    func duplicate() {
        var machine = machine()
        _ = machine.read(lease("", version: "1"), at: at(0))
        _ = machine.renewed(lease("pod-b_1", version: "2"), at: at(0), random: 0)
        #expect(machine.isHolder)
        let conflict = KubeError(code: .conflict, message: "changed")
        #expect(machine.failed(.renew(resourceVersion: "2"), conflict, at: at(30), random: 0) == .read)
        _ = machine.read(lease("pod-a_1", version: "5"), at: at(30))
        #expect(!machine.isHolder)
        #expect(machine.duplicate == nil)
        _ = machine.read(lease("pod-a_1", version: "6"), at: at(60))
        #expect(machine.duplicate == "pod-a_1")
        #expect(machine.read(lease("", version: "7"), at: at(65)) == .renew(resourceVersion: "7"))
        _ = machine.renewed(lease("pod-b_1", version: "8"), at: at(65), random: 0)
        #expect(machine.isHolder)
        #expect(machine.duplicate == nil)
    }

    @Test(
        "given a hub that is away, then the waits stay below half the interval, so that it is not missed for longer than needed"
    )
    func away() {
        var machine = machine()
        let error = KubeError(code: .connection, message: "away")
        let step = Step.renew(resourceVersion: "2")
        for number in 0..<20 {
            guard case .wait(let delay, let next) = machine.failed(step, error, at: at(Double(number)), random: 0.99)
            else { return #expect(Bool(false)) }
            #expect(delay <= .seconds(15))
            #expect(next == step)
        }
    }

    @Test(
        "given a Lease that is not there or not this agent's to write, then it is read again, and not at once",
        arguments: [KubeError.Code.notFound, .forbidden, .unauthorized]
    )
    func refused(code: KubeError.Code) {
        var machine = machine()
        let error = KubeError(code: code, message: "no")
        let step = machine.failed(.renew(resourceVersion: "2"), error, at: at(0), random: 0)
        #expect(step == .wait(.seconds(5), then: .read))
    }

    @Test("given a server that asks to wait, then the heartbeat waits")
    func retryAfter() {
        var machine = machine()
        let error = KubeError(code: .tooManyRequests, message: "slow down", retryAfter: .seconds(20))
        guard case .wait(let delay, _) = machine.failed(.read, error, at: at(0), random: 0) else {
            return #expect(Bool(false))
        }
        #expect(delay == .seconds(20))
    }
}
