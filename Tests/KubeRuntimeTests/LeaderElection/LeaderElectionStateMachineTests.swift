// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import Testing

@testable import KubeRuntime

struct LeaderElectionStateMachineTests {
    private var machine = LeaderElectionStateMachine(
        name: "operator",
        namespace: "system",
        configuration: LeaderElectionConfiguration(identity: "me"),
        random: .fixed(0.5)
    )
    private let wall = Timestamp(seconds: 1_000_000)

    private func at(_ seconds: Double) -> AnyClock.Instant {
        AnyClock.Instant(offset: .milliseconds(Int(seconds * 1000)))
    }

    private func lease(_ holder: String?, renewed: Int64 = 0, seconds: Int? = 10, transitions: Int? = 3) -> Lease {
        var lease = Lease(metadata: ObjectMeta(name: "operator", namespace: "system"))
        lease.metadata.resourceVersion = "7"
        lease.holderIdentity = holder
        lease.renewTime = Timestamp(seconds: renewed)
        lease.acquireTime = Timestamp(seconds: 5)
        lease.leaseDurationSeconds = seconds
        lease.leaseTransitions = transitions
        return lease
    }

    private func update(_ step: LeaderElectionStateMachine.Step) -> Lease? {
        guard case .update(let lease, _) = step else { return nil }
        return lease
    }

    private func isLost(_ step: LeaderElectionStateMachine.Step) -> Bool {
        guard case .lost = step else { return false }
        return true
    }

    /// Lets the machine win at second 0.
    private mutating func win() {
        _ = machine.start(now: at(0), wallTime: wall)
        _ = machine.fetched(lease(""), now: at(0), wallTime: wall)
        _ = machine.written(lease("me"), now: at(0.1))
    }

    @Test("68: given no lease, then one is created with this holder and no transitions")
    mutating func create() {
        #expect(machine.start(now: at(0), wallTime: wall) == .get(timeout: .milliseconds(3500)))
        guard case .create(let lease, _) = machine.fetched(nil, now: at(0), wallTime: wall) else {
            Issue.record("nothing was created")
            return
        }
        #expect(lease.metadata.name == "operator" && lease.metadata.namespace == "system")
        #expect(lease.holderIdentity == "me" && lease.leaseTransitions == 0 && lease.leaseDurationSeconds == 10)
        #expect(lease.acquireTime == wall && lease.renewTime == wall)
        #expect(machine.leadsUntil == nil)
        #expect(machine.written(lease, now: at(0.5)) == .wait(.seconds(2)))
        // Seven seconds from the request, not from the answer.
        #expect(machine.leadsUntil == at(7))
    }

    @Test("68: given another holder, then the lease is taken only when it has not changed for its duration here")
    mutating func takeOver() {
        _ = machine.start(now: at(0), wallTime: wall)
        // Neither a time long ago nor one in the future means anything.
        #expect(machine.fetched(lease("other", renewed: 1), now: at(0), wallTime: wall) == .wait(.milliseconds(3200)))
        _ = machine.waited(now: at(9), wallTime: wall)
        let renewed = lease("other", renewed: 9_000_000_000)
        #expect(machine.fetched(renewed, now: at(9), wallTime: wall) == .wait(.milliseconds(3200)))
        _ = machine.waited(now: at(18.9), wallTime: wall)
        #expect(machine.fetched(renewed, now: at(18.9), wallTime: wall) == .wait(.milliseconds(350)))
        _ = machine.waited(now: at(19), wallTime: wall)
        let mine = update(machine.fetched(renewed, now: at(19), wallTime: wall))
        #expect(mine?.holderIdentity == "me" && mine?.leaseTransitions == 4)
        #expect(mine?.acquireTime == wall && mine?.renewTime == wall)
        #expect(mine?.metadata.resourceVersion == "7")
    }

    @Test("68: given that only a label of the lease changes, then that does not prolong it")
    mutating func labelsDoNotRenew() {
        _ = machine.start(now: at(0), wallTime: wall)
        _ = machine.fetched(lease("other"), now: at(0), wallTime: wall)
        var labelled = lease("other")
        labelled.metadata.labels = ["a": "b"]
        labelled.metadata.resourceVersion = "8"
        #expect(update(machine.fetched(labelled, now: at(10), wallTime: wall))?.metadata.resourceVersion == "8")
    }

    @Test("69: given an empty holder, then the lease is taken at once", arguments: ["", nil])
    mutating func emptyHolder(holder: String?) {
        _ = machine.start(now: at(0), wallTime: wall)
        let mine = update(machine.fetched(lease(holder), now: at(0), wallTime: wall))
        #expect(mine?.holderIdentity == "me" && mine?.leaseTransitions == 4)
    }

    @Test("69: given this holder, then the lease is renewed, and when and how often it was taken stays")
    mutating func ownLease() {
        _ = machine.start(now: at(0), wallTime: wall)
        let mine = update(machine.fetched(lease("me"), now: at(0), wallTime: wall))
        #expect(mine?.acquireTime == Timestamp(seconds: 5) && mine?.leaseTransitions == 3)
        #expect(mine?.renewTime == wall)
    }

    @Test("70: given the lead, then a renewal is one update; if that fails, the lease is read first")
    mutating func renew() {
        win()
        var own = lease("me")
        own.metadata.resourceVersion = "9"
        #expect(update(machine.waited(now: at(2), wallTime: wall))?.metadata.resourceVersion == "7")
        #expect(machine.written(own, now: at(2.1)) == .wait(.seconds(2)))
        #expect(machine.leadsUntil == at(9))
        #expect(update(machine.waited(now: at(4), wallTime: wall))?.metadata.resourceVersion == "9")
        #expect(machine.failed(.of(.conflict), now: at(4.1)) == .get(timeout: .milliseconds(3500)))
        own.metadata.resourceVersion = "12"
        let again = update(machine.fetched(own, now: at(4.2), wallTime: wall))
        #expect(again?.metadata.resourceVersion == "12")
        #expect(machine.failed(.of(.conflict), now: at(4.3)) == .wait(.seconds(2)))
        #expect(machine.leadsUntil == at(9))
    }

    @Test("71: given renewals that fail, then the lead is given up at the deadline, before others can have it")
    mutating func deadline() {
        win()
        _ = machine.waited(now: at(2), wallTime: wall)
        _ = machine.failed(.of(.connection), now: at(2))
        #expect(machine.failed(.of(.connection), now: at(2)) == .wait(.seconds(2)))
        _ = machine.waited(now: at(4), wallTime: wall)
        #expect(machine.failed(.of(.connection), now: at(6)) == .get(timeout: .seconds(1)))
        #expect(machine.failed(.of(.connection), now: at(6.5)) == .wait(.milliseconds(500)))
        #expect(isLost(machine.waited(now: at(7), wallTime: wall)))
        #expect(machine.leadsUntil == nil)
    }

    @Test("71: given that another holder is seen while leading, then the lead is lost at once")
    mutating func stolen() {
        win()
        _ = machine.waited(now: at(2), wallTime: wall)
        _ = machine.failed(.of(.conflict), now: at(2.1))
        #expect(isLost(machine.fetched(lease("other"), now: at(2.2), wallTime: wall)))
    }

    @Test("71: given an answer that comes after the deadline, then the lead is lost even if it is good")
    mutating func lateAnswer() {
        win()
        _ = machine.waited(now: at(2), wallTime: wall)
        #expect(isLost(machine.written(lease("me"), now: at(9.5))))
    }

    @Test("72: given a lease to give back, then that is done only if it is this process's")
    func release() {
        let released = machine.released(lease("me"), wallTime: wall)
        #expect(released?.holderIdentity == "" && released?.leaseDurationSeconds == 1)
        #expect(released?.metadata.resourceVersion == "7" && released?.leaseTransitions == 3)
        #expect(machine.released(lease("other"), wallTime: wall) == nil)
        #expect(machine.released(lease(""), wallTime: wall) == nil)
    }
}
