// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import KubeClient

@Suite("When an exec plugin runs")
struct CredentialCacheStateMachineTests {
    private typealias Machine = CredentialCache.StateMachine

    private func moment(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    @Test("given nothing, when three requests ask, then the first starts a run and all get what it gives")
    func singleFlight() {
        var machine = Machine()
        let credential = ExecCredential(token: "t", expiration: moment(100))
        #expect(machine.ask(1, now: moment(0)) == .start(run: 1))
        #expect(machine.ask(2, now: moment(0)) == .wait)
        #expect(machine.ask(3, now: moment(0)) == .wait)
        #expect(machine.ended(1, credential) == [1, 2, 3])
        #expect(machine.ask(4, now: moment(99)) == .use(.init(credential: credential, run: 1)))
        #expect(machine.ask(5, now: moment(100)) == .start(run: 2))
    }

    @Test("given a run that failed, when a request asks, then there is another run")
    func failure() {
        var machine = Machine()
        #expect(machine.ask(1, now: moment(0)) == .start(run: 1))
        #expect(machine.ended(1, nil) == [1])
        #expect(machine.ask(2, now: moment(0)) == .start(run: 2))
    }

    @Test("given a credential without an end, when the server refuses it, then there is one new run for all")
    func refused() {
        var machine = Machine()
        let first = ExecCredential(token: "a")
        let second = ExecCredential(token: "b")
        #expect(machine.ask(1, now: moment(0)) == .start(run: 1))
        _ = machine.ended(1, first)
        #expect(machine.ask(2, now: moment(1 << 40)) == .use(.init(credential: first, run: 1)))
        machine.refused(1)
        #expect(machine.ask(3, now: moment(0)) == .start(run: 2))
        // Another request hears of its refusal while the new run is on its way, one more after it.
        machine.refused(1)
        #expect(machine.ask(4, now: moment(0)) == .wait)
        #expect(machine.ended(2, second) == [3, 4])
        machine.refused(1)
        #expect(machine.ask(5, now: moment(0)) == .use(.init(credential: second, run: 2)))
    }

    @Test("given requests that give up, when the last one does, then the run is stopped and what it gives is not used")
    func cancelled() {
        var machine = Machine()
        #expect(machine.ask(1, now: moment(0)) == .start(run: 1))
        #expect(machine.ask(2, now: moment(0)) == .wait)
        #expect(machine.leave(1) == nil)
        #expect(machine.leave(1) == nil)
        #expect(machine.leave(2) == 1)
        #expect(machine.ask(3, now: moment(0)) == .start(run: 2))
        #expect(machine.ended(1, ExecCredential(token: "late")).isEmpty)
        #expect(machine.ended(2, ExecCredential(token: "t")) == [3])
        #expect(machine.leave(3) == nil)
    }

    @Test("given a credential that has expired on arrival, then those who waited get it, and the next starts a run")
    func expiredOnArrival() {
        var machine = Machine()
        #expect(machine.ask(1, now: moment(10)) == .start(run: 1))
        #expect(machine.ended(1, ExecCredential(token: "t", expiration: moment(5))) == [1])
        #expect(machine.ask(2, now: moment(10)) == .start(run: 2))
    }
}
