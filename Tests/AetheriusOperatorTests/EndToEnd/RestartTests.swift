// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Logging
import Testing

@testable import AetheriusOperator

/// A control plane of their own: the operator of the other tests would take the tasks.
@Suite("Operators that come and go", .serialized, .timeLimit(.minutes(15)))
struct RestartTests {
    @Test("given a task that a dead operator had claimed and one it never saw, when another starts, then both end")
    func killedInTheMiddle() async throws {
        try await TestCluster.withOwn { cluster in try await killInTheMiddle(cluster) }
    }

    private func killInTheMiddle(_ cluster: TestCluster) async throws {
        try await RunningOperator.prepare(cluster)
        let namespace = try await cluster.makeNamespace()

        // The claim of a process that has died in the middle of its work.
        var claimed = try await cluster.ask(about: "claimed", in: namespace)
        claimed.status.phase = .running
        claimed.status.attempts = 1
        claimed.status.clusterName = "local"
        claimed.status.startedAt = .now.wholeSeconds
        claimed.status.timeoutAt = Timestamp.now.wholeSeconds.advanced(by: .seconds(600))
        claimed.status.agent = DiagnosticTask.AgentReport()
        claimed.status.agent?.claim = Claim(holder: "dead", attempt: 1)
        claimed.status.inputHash = TaskInput(spec: claimed.spec).hash
        _ = try await cluster.tasks(in: namespace).update(claimed, subresource: "status")
        let unseen = try await cluster.ask(about: "unseen", in: namespace)

        let first = RunningOperator.launch(on: cluster, identity: "first")
        let recovered = try await cluster.end(of: claimed)
        #expect(recovered.status.phase == .completed)
        #expect(recovered.status.agent?.claim?.holder == "first")
        #expect(recovered.status.attempts == 2)
        #expect(try await cluster.end(of: unseen).status.phase == .completed)

        // A second one waits; when the first is killed, it takes over once the lease has run out.
        let second = RunningOperator.launch(on: cluster, identity: "second")
        first.kill()
        #expect(try await first.ending().exitCode == 137)
        let orphan = try await cluster.ask(about: "orphan", in: namespace)
        let taken = try await cluster.end(of: orphan)
        #expect(taken.status.agent?.claim?.holder == "second")
        // The dead one is waited for as long as its lease says; how long it takes in all is a figure of the benchmark.
        let leases = cluster.client.resources(Lease.self, namespace: RunningOperator.namespace)
        #expect(try await leases.get("aetherius-operator").leaseDurationSeconds == 10)

        try await definitionsThatVanish(cluster, namespace)

        // Asked to stop, it gives its lease back, so that the next one need not wait for it.
        second.terminate()
        #expect(try await second.ending().exitCode == 0)
        let lease = try await leases.get("aetherius-operator")
        #expect(lease.holderIdentity?.isEmpty ?? true)
    }

    /// A definition that is deleted and comes back while the operator runs: it goes on with what is asked afterwards.
    private func definitionsThatVanish(_ cluster: TestCluster, _ namespace: String) async throws {
        try await cluster.kubectl("delete", "crd", "diagnostictasks.aetherius.io", "--wait=true", "--timeout=60s")
        try await cluster.installDefinitions()
        let task = try await cluster.ask(about: "afterwards", in: namespace)
        #expect(try await cluster.end(of: task).status.phase == .completed)
    }

    @Test("given a cluster that does not answer, then tasks end as they are told, in time, and in their order")
    func interruptions() async throws {
        try await TestCluster.withOwn { cluster in try await interrupt(cluster) }
    }

    private func interrupt(_ cluster: TestCluster) async throws {
        try await RunningOperator.prepare(cluster)
        let namespace = try await cluster.makeNamespace()
        let evidence = BlockedEvidenceSource()
        var configuration = OperatorConfiguration(
            namespace: RunningOperator.namespace,
            identity: "blocked",
            maxConcurrentTasks: 1
        )
        configuration.observesLocal = false
        let service = try AetheriusOperator(
            client: cluster.client,
            configuration: configuration,
            evidence: evidence,
            shutdownSignals: [],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let running = Task { try await service.run() }

        let unwanted = try await cluster.ask(about: "unwanted", in: namespace)
        await evidence.waitForQuestion(about: "unwanted")
        let cancel: JSONValue = ["spec": ["cancel": true]]
        _ = try await cluster.tasks(in: namespace).patch(unwanted.metadata.name, .merge(cancel))
        let cancelled = try await cluster.end(of: unwanted)
        #expect(cancelled.status.phase == .cancelled)
        #expect(cancelled.status.conditions["Failed"]?.reason == "Cancelled")

        let slow = try await cluster.ask(about: "slow", in: namespace) { $0.limits.timeoutSeconds = 1 }
        let late = try await cluster.end(of: slow)
        #expect(late.status.phase == .timedOut)
        #expect(late.status.conditions["Failed"]?.message.contains("spec.limits.timeoutSeconds") == true)

        let deleted = try await cluster.ask(about: "deleted", in: namespace)
        await evidence.waitForQuestion(about: "deleted")
        try await cluster.tasks(in: namespace).delete(deleted.metadata.name)
        try await cluster.tasks(in: namespace).waitForDeletion(of: deleted.metadata.name)

        let unreachable = try await cluster.ask(about: "unreachable", in: namespace) { $0.limits.maxRetries = 1 }
        let failed = try await cluster.end(of: unreachable)
        #expect(failed.status.phase == .failed)
        #expect(failed.status.attempts == 2)
        #expect(failed.status.conditions["Failed"]?.reason == "ClusterUnreachable")
        await evidence.waitForQuestion(about: "unreachable")
        await evidence.waitForQuestion(about: "unreachable")

        // There is one place. While it is taken, two tasks queue up; the one that matters more gets it.
        let first = try await cluster.ask(about: "first", in: namespace)
        await evidence.waitForQuestion(about: "first")
        let low = try await cluster.ask(about: "low", in: namespace) { $0.severity = .low }
        let critical = try await cluster.ask(about: "critical", in: namespace) { $0.severity = .critical }
        // What is critical about the system itself does not wait for a place.
        _ = try await cluster.ask(about: "dns", in: RunningOperator.namespace) {
            $0.severity = .critical
            $0.target?.namespace = "kube-system"
        }
        #expect(await evidence.nextQuestion() == "dns")
        #expect(try await cluster.tasks(in: namespace).get(critical.metadata.name).status.phase != .running)
        _ = try await cluster.tasks(in: namespace).patch(first.metadata.name, .merge(cancel))
        #expect(await evidence.nextQuestion() == "critical")
        #expect(try await cluster.tasks(in: namespace).get(low.metadata.name).status.phase == .scheduled)
        _ = try await cluster.tasks(in: namespace).patch(critical.metadata.name, .merge(cancel))
        #expect(await evidence.nextQuestion() == "low")

        running.cancel()
        _ = await running.result
    }
}
