// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Logging
import Observability
import Testing

@testable import AetheriusOperator

@Suite("IncidentReconciler", .timeLimit(.minutes(5)))
struct IncidentReconcilerTests {
    private let clusters = Store<ClusterAgent>()
    private let tasks = Store<DiagnosticTask>(
        indexes: [IncidentTask.byKindred, IncidentTask.byCause, IncidentTask.openByCluster]
    )

    private func reconciler(_ hub: TestCluster, _ namespace: String, places: Int) -> IncidentReconciler {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return IncidentReconciler(
            clusters: clusters,
            tasks: tasks,
            client: hub.client,
            events: EventRecorder(sink: hub.client, component: "test", logger: logger),
            namespace: namespace,
            budget: OpeningBudget(limit: places),
            book: IncidentBook(),
            metrics: IncidentMetrics(factory: MetricsRegistry()),
            logger: logger
        )
    }

    @Test("given one place a minute and an incident that the API server refuses, then the place is the next one's")
    func refusedTakesNoPlace() async throws {
        let hub = try await RunningOperator.shared()
        let namespace = try await hub.makeNamespace()
        var refused = Samples.event("a", "BackOff", "back-off", of: "refused", severity: .critical)
        refused.object.kind = "no kind"
        let events = [
            refused, Samples.event("b", "BackOff", "back-off", of: "first", from: 10),
            Samples.event("c", "BackOff", "back-off", of: "second", from: 20),
        ]
        clusters.apply(Samples.registered(Samples.cluster("turns", events: events)))

        let reconciler = reconciler(hub, namespace, places: 1)
        let error = await #expect(throws: KubeError.self) {
            _ = try await reconciler.reconcile(ObjectKey(name: "turns"))
        }
        #expect(error?.code == .invalid)
        let opened = try await hub.tasks(in: namespace).list().items
        #expect(opened.map(\.spec.target?.name) == ["first"])
    }

    @Test("given a cache that is behind what has just been counted, then nothing is counted on top of the old count")
    func staleCache() async throws {
        let hub = try await RunningOperator.shared()
        let namespace = try await hub.makeNamespace()
        let event = Samples.event("a", "BackOff", "back-off", of: "web", count: 3)
        let cluster = Samples.registered(Samples.cluster("behind", events: [event]))
        clusters.apply(cluster)
        let reconciler = reconciler(hub, namespace, places: 10)
        _ = try await reconciler.reconcile(ObjectKey(name: "behind"))
        let client = hub.tasks(in: namespace)
        let name = try #require(Incident.all(of: cluster).first?.taskName)
        // The operator at work here says once that it waits for such a cluster.
        let task = try await client.wait(for: name) { $0.status.observedGeneration == $0.metadata.generation }
        #expect(task.status.incident == nil)
        tasks.apply(task)

        _ = try await reconciler.reconcile(ObjectKey(name: "behind"))
        #expect(try await client.get(name).status.incident?.count == 3)
        let result = try await reconciler.reconcile(ObjectKey(name: "behind"))
        #expect(result == .requeue(after: IncidentReconciler.settling))
        #expect(try await client.get(name).status.incident?.count == 3)
    }
}
