// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@testable import AetheriusOperator

@Suite("An operator that goes away", .timeLimit(.minutes(3)))
struct RestartTests {
    @Test("given a task that a dead operator had claimed and one it never saw, when another takes over, then both end")
    func killedInTheMiddle() async throws {
        // A control plane of its own: the operator of the other tests would take the tasks.
        let cluster = try await TestCluster.start()
        try await RunningOperator.prepare(cluster)
        let namespace = try await cluster.makeNamespace()
        let first = RunningOperator.launch(on: cluster, identity: "first")
        _ = try await cluster.end(of: try await cluster.ask(about: "warm-up", in: namespace))

        first.kill()
        #expect(try await first.ending().exitCode == 137)

        // The claim of a process that has died in the middle of its work.
        var claimed = try await cluster.ask(about: "claimed", in: namespace)
        claimed.status.phase = .running
        claimed.status.attempts = 1
        claimed.status.clusterName = "local"
        claimed.status.startedAt = .now.wholeSeconds
        claimed.status.timeoutAt = Timestamp.now.wholeSeconds.advanced(by: .seconds(600))
        claimed.status.agent = DiagnosticTask.AgentReport()
        claimed.status.agent?.claim = Claim(holder: "first", attempt: 1)
        claimed.status.inputHash = TaskInput(spec: claimed.spec).hash
        _ = try await cluster.tasks(in: namespace).update(claimed, subresource: "status")
        let unseen = try await cluster.ask(about: "unseen", in: namespace)

        let second = RunningOperator.launch(on: cluster, identity: "second")
        let recovered = try await cluster.end(of: claimed)
        #expect(recovered.status.phase == .completed)
        #expect(recovered.status.agent?.claim?.holder == "second")
        #expect(recovered.status.attempts == 2)
        #expect(try await cluster.end(of: unseen).status.phase == .completed)

        // Asked to stop, it gives its lease back, so that the next one need not wait for it.
        second.terminate()
        #expect(try await second.ending().exitCode == 0)
        let lease = try await cluster.client.resources(Lease.self, namespace: RunningOperator.namespace)
            .get("aetherius-operator")
        #expect(lease.holderIdentity?.isEmpty ?? true)
        await cluster.stop()
    }
}
