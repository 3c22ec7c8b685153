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
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let clusters = Store<ClusterAgent>()
        clusters.apply(Samples.registered(Samples.cluster("turns", events: events)))
        let reconciler = IncidentReconciler(
            clusters: clusters,
            tasks: Store(indexes: [IncidentTask.byKindred, IncidentTask.byCause, IncidentTask.openByCluster]),
            client: hub.client,
            events: EventRecorder(sink: hub.client, component: "test", logger: logger),
            namespace: namespace,
            budget: OpeningBudget(limit: 1),
            book: IncidentBook(),
            metrics: IncidentMetrics(factory: MetricsRegistry()),
            logger: logger
        )

        let error = await #expect(throws: KubeError.self) {
            _ = try await reconciler.reconcile(ObjectKey(name: "turns"))
        }
        #expect(error?.code == .invalid)
        let opened = try await hub.tasks(in: namespace).list().items
        #expect(opened.map(\.spec.target?.name) == ["first"])
    }
}
