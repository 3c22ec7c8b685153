// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Testing

@testable import AetheriusAgent

@Suite("Whether the observed cluster can be reached")
struct TargetProbeTests {
    private func at(_ seconds: Double) -> AnyClock.Instant { AnyClock.Instant(offset: .seconds(seconds)) }

    @Test(
        "given failures, then the cluster counts as unreachable once they have lasted twenty seconds, and is asked more often"
    )
    func patience() {
        var machine = TargetProbe.StateMachine()
        #expect(machine.condition.status == .unknown)
        #expect(machine.succeeded() == .seconds(10))
        #expect(machine.condition.status == .true)
        #expect(machine.failed("Timeout", "no answer", at: at(10)) == .seconds(5))
        _ = machine.failed("Timeout", "no answer", at: at(29.9))
        #expect(machine.condition.status == .true)
        _ = machine.failed("Timeout", "no answer", at: at(30))
        #expect(machine.condition.status == .false)
        #expect(machine.condition.reason == "Timeout")
    }

    @Test("given an answer in between, then the time counts anew")
    func interrupted() {
        var machine = TargetProbe.StateMachine()
        _ = machine.failed("Timeout", "", at: at(0))
        _ = machine.succeeded()
        _ = machine.failed("Timeout", "", at: at(15))
        _ = machine.failed("Timeout", "", at: at(30))
        #expect(machine.condition.status == .true)
    }

    @Test(
        "given an error, then its word tells a person where to look",
        arguments: [
            (KubeError.Code.unauthorized, nil, "CredentialRejected"), (.forbidden, nil, "AccessDenied"),
            (.connection, KubeError.ConnectionFailure.tls, "TLSFailed"),
            (.connection, .nameNotResolved, "NameNotResolved"),
            (.connection, .timedOut, "Timeout"), (.connection, .notConnected, "NotConnected"),
            (.connection, .proxy, "ProxyFailed"), (.connection, nil, "ConnectionLost"),
            (.tooManyRequests, nil, "RateLimited"), (.unavailable, nil, "ServerUnavailable"),
        ]
    )
    func word(code: KubeError.Code, failure: KubeError.ConnectionFailure?, word: String) {
        var error = KubeError(code: code, message: "")
        error.connectionFailure = failure
        #expect(FailureReason.word(for: error) == word)
    }

    @Test("given a credential that is refused, then the message says more than the server's one word")
    func refusedCredential() {
        let refused = TargetProbe.message(KubeError(code: .unauthorized, message: "Unauthorized"))
        #expect(refused.contains("(401)") && refused.contains("kubeconfig") && refused.hasSuffix(": Unauthorized"))
        #expect(TargetProbe.message(KubeError(code: .connection, message: "away")) == "away")
    }

    @Test("given kinds that cannot be read, then the condition names them, and only as long as that is so")
    func collection() {
        let health = CollectionHealth()
        #expect(health.condition.status == .true)
        health.failed("nodes", KubeError(code: .forbidden, message: "nodes is forbidden"))
        health.failed("pods", KubeError(code: .connection, message: "away"))
        #expect(health.condition.status == .false)
        #expect(health.condition.reason == "Forbidden")
        #expect(health.condition.message == "cannot read nodes: nodes is forbidden")
        #expect(!health.isReadable("nodes"))
        #expect(health.isReadable("pods"))
        health.succeeded("nodes")
        #expect(health.condition.status == .true)
    }
}
