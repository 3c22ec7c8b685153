// SPDX-License-Identifier: Apache-2.0
import CoreMetrics
import KubeClient
import KubeRuntime
import MetricsTestKit
import Testing

@Suite(.timeLimit(.minutes(5)))
struct MetricsTests {
    private let metrics = TestMetrics()
    private let clock = VirtualClock()
    private let labels = [("name", "web"), ("controller", "web")]

    private func queue() -> WorkQueue<String> {
        WorkQueue(clock: AnyClock(clock), metrics: WorkQueueMetrics(name: "web", factory: metrics))
    }

    private func depth(_ priority: String) -> Double? {
        metrics.meters(label: "workqueue_depth", dimensions: labels + [("priority", priority)]).first?.lastValue
    }

    @Test("25: given keys of several priorities, then the depth of each level counts what is ready and nothing else")
    func depths() async {
        let queue = queue()
        queue.add("a", priority: 5, after: .seconds(1))
        #expect(metrics.meters(label: "workqueue_depth").isEmpty)
        queue.add("b")
        queue.add("c")
        #expect(depth("0") == 2)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        await waitUntil { depth("5") == 1 }
        // A key that is raised changes levels.
        queue.add("c", priority: 5)
        #expect(depth("0") == 1 && depth("5") == 2)
        #expect(await nextKey(of: queue) == "a")
        #expect(depth("5") == 1)
        queue.shutDownNow()
        #expect(depth("0") == 0 && depth("5") == 0)
    }

    @Test("given more priorities than labels may have, then the others share one")
    func boundedLabels() {
        let queue = queue()
        for priority in 0..<100 { queue.add("\(priority)", priority: priority) }
        #expect(metrics.meters(label: "workqueue_depth").count == WorkQueueMetrics.maximumPriorities + 1)
        #expect(depth("other") == 75 && depth("24") == 1)
    }

    @Test("given keys that wait and are worked on, then additions, retries and both durations are measured")
    func durations() async throws {
        let queue = queue()
        queue.add("a")
        queue.add("a")
        clock.advance(by: .seconds(2))
        guard let item = await queue.next() else {
            Issue.record("a key was added")
            return
        }
        queue.addRateLimited("b")
        clock.advance(by: .seconds(3))
        item.done()
        #expect(metrics.counterTotal(label: "workqueue_adds_total", dimensions: labels) >= 1)
        #expect(metrics.counterTotal(label: "workqueue_retries_total", dimensions: labels) == 1)
        #expect(try metrics.expectTimer("workqueue_queue_duration_seconds", labels).values.first == 2_000_000_000)
        #expect(try metrics.expectTimer("workqueue_work_duration_seconds", labels).values == [3_000_000_000])
    }

    @Test("75: given each way in which a reconciliation can end, then each is counted under its result")
    func controller() async throws {
        let records = Journal<ReconcileRecord>()
        let controller = Controller(
            "web",
            reconciler: ClosureReconciler { key in
                switch key.name {
                case "later": return .requeue(after: .seconds(5))
                case "again": return .requeue
                case "failed": throw KubeError.of(.conflict)
                case "hopeless": throw TerminalError(KubeError.of(.invalid))
                default: return .done
                }
            },
            sources: [],
            configuration: ControllerConfiguration(metricsFactory: metrics, observe: { records.append($0) }),
            clock: AnyClock(clock),
            logger: .silent
        )
        for name in ["fine", "later", "again", "failed", "hopeless"] { controller.enqueue(.shop(name)) }
        let run = Task { try await controller.run() }
        await records.first(5)
        func total(_ name: String, _ result: String? = nil) -> Int64 {
            let dimensions = [("controller", "web")] + (result.map { [("result", $0)] } ?? [])
            return metrics.counterTotal(label: "controller_runtime_\(name)", dimensions: dimensions)
        }
        let results = ["success", "requeue_after", "requeue", "error"].map { total("reconcile_total", $0) }
        #expect(results == [1, 1, 1, 2])
        #expect(total("reconcile_errors_total") == 2 && total("terminal_reconcile_errors_total") == 1)
        #expect(total("reconcile_timeouts_total") == 0)
        let label = [("controller", "web")]
        #expect(try metrics.expectTimer("controller_runtime_reconcile_time_seconds", label).values.count == 5)
        #expect(try metrics.expectGauge("controller_runtime_max_concurrent_reconciles", label).lastValue == 1)
        #expect(try metrics.expectGauge("workqueue_longest_running_processor_seconds", labels).lastValue == 0)
        run.cancel()
        _ = await run.result
    }

    @Test("given a leader that stops, then its status goes from 0 to 1 and back")
    func leader() async throws {
        let elector = try LeaderElector(
            leases: LeaseServer(),
            name: "operator",
            namespace: "system",
            configuration: LeaderElectionConfiguration(identity: "me"),
            clock: AnyClock(clock),
            metricsFactory: metrics,
            logger: .silent
        )
        let run = Task { try await elector.run() }
        try await elector.waitForLeadership()
        let status = try metrics.expectGauge("leader_election_master_status", [("name", "operator")])
        #expect(status.values == [0, 1])
        run.cancel()
        _ = await run.result
        #expect(status.values == [0, 1, 0])
    }

    @Test("given a renewal that has to read the lease first, then that is counted, and a plain one is not")
    func slowPath() async throws {
        let server = LeaseServer()
        let elector = try LeaderElector(
            leases: server,
            name: "operator",
            namespace: "system",
            configuration: LeaderElectionConfiguration(identity: "me"),
            clock: AnyClock(clock),
            random: .fixed(0),
            metricsFactory: metrics,
            logger: .silent
        )
        let run = Task { try await elector.run() }
        let slowPaths = { [metrics] in
            metrics.counterTotal(label: "leader_election_slowpath_total", dimensions: [("name", "operator")])
        }
        try await elector.waitForLeadership()
        for (requests, total) in [(3, 0), (6, 1)] as [(Int, Int64)] {
            await waitUntil { clock.sleeperCount == 1 && clock.nextDelay == .seconds(2) }
            if total > 0 { server.fail(.fail(.conflict)) }
            clock.advance(by: .seconds(2))
            await server.requests.first(requests)
            #expect(slowPaths() == total)
        }
        run.cancel()
        _ = await run.result
    }
}
