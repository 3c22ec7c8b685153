// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import AetheriusAgent

@Suite("An agent's token for the hub")
struct CredentialStateMachineTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: 1_800_000_000 + seconds) }

    private func token(_ text: String, from: Int64, for seconds: Int64) -> HubToken {
        HubToken(token: text, issuedAt: at(from), expiresAt: at(from + seconds))
    }

    @Test("given nothing but the token to register with, then a token of its own is asked for with it")
    func bootstrap() {
        var machine = CredentialStateMachine()
        #expect(machine.next(at: at(0)) == .missing)
        machine.found(nil, bootstrap: "boot", random: 0)
        #expect(machine.shown == "boot")
        #expect(machine.next(at: at(0)) == .request(showing: "boot"))
        machine.received(token("own", from: 0, for: 1000), random: 0)
        #expect(machine.shown == "own")
        #expect(machine.next(at: at(0)) == .wait(until: at(800)))
    }

    @Test("given a token, then it is renewed at 80 to 90 % of its life, showing itself")
    func renewal() {
        for (random, due) in [(0.0, Int64(800)), (0.5, 850), (0.999, 899)] {
            var machine = CredentialStateMachine()
            machine.found(token("own", from: 0, for: 1000), bootstrap: nil, random: random)
            #expect(machine.next(at: at(due - 1)) != .request(showing: "own"))
            #expect(machine.next(at: at(due + 1)) == .request(showing: "own"))
        }
    }

    @Test("given the same kept token again and again, then its renewal is not put off")
    func stable() {
        var machine = CredentialStateMachine()
        machine.found(token("own", from: 0, for: 1000), bootstrap: nil, random: 0)
        machine.found(token("own", from: 0, for: 1000), bootstrap: nil, random: 0.9)
        #expect(machine.next(at: at(0)) == .wait(until: at(800)))
    }

    @Test("given a token that has run out, then the one to register with is shown")
    func expired() {
        var machine = CredentialStateMachine()
        machine.found(token("own", from: 0, for: 1000), bootstrap: "boot", random: 0)
        #expect(machine.next(at: at(1000)) == .request(showing: "boot"))
    }

    @Test("given a token that the hub refuses, then the one to register with is shown; given none, it is tried again")
    func refused() {
        var machine = CredentialStateMachine()
        machine.found(token("own", from: 0, for: 1000), bootstrap: nil, random: 0)
        machine.refused("own")
        #expect(machine.next(at: at(1)) == .request(showing: "own"))
        machine.found(token("own", from: 0, for: 1000), bootstrap: "boot", random: 0)
        #expect(machine.shown == "boot")
        #expect(machine.next(at: at(1)) == .request(showing: "boot"))
        machine.received(token("new", from: 1, for: 1000), random: 0)
        #expect(machine.shown == "new")
    }

    @Test("given a token in hand that could not be kept, then an older one that is kept does not take its place")
    func older() {
        var machine = CredentialStateMachine()
        machine.received(token("new", from: 500, for: 1000), random: 0)
        machine.found(token("old", from: 0, for: 1000), bootstrap: nil, random: 0)
        #expect(machine.shown == "new")
    }

    @Test("given a token, then printing what holds it does not show it")
    func hidden() {
        #expect(!"\(token("secret-word", from: 0, for: 1))".contains("secret-word"))
        #expect(!String(reflecting: token("secret-word", from: 0, for: 1)).contains("secret-word"))
    }
}
