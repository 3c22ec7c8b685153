// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle

/// Writes an agent's side of its ClusterAgent's status, whenever ``ReportSchedule`` says so.
struct ReportService: ServiceLifecycle.Service {
    /// The time between two looks at what there is to report.
    static let lookInterval = Duration.seconds(5)

    let hub: KubernetesClient
    let name: String
    let composer: ReportComposer
    let health: HubHealth
    let metrics: AgentMetrics
    var clock = AnyClock.continuous
    var random = RandomSource.system
    let logger: Logger

    func run() async throws { await cancelWhenGracefulShutdown { await report() } }

    private func report() async {
        var schedule = ReportSchedule()
        var told: ReportDraft?
        while !Task.isCancelled {
            await look(&schedule, &told)
            // Whoever waits for a new agent waits for its first report.
            let delay = told == nil ? .seconds(1) : Self.lookInterval
            do { try await clock.sleep(until: clock.now.advanced(by: delay)) } catch { return }
        }
    }

    private func look(_ schedule: inout ReportSchedule, _ told: inout ReportDraft?) async {
        schedule.routineInterval = composer.routineInterval
        // Without the ClusterAgent there is nowhere to report to; and it says what to report.
        guard composer.isReady, schedule.isDue(.news, at: clock.now) else { return }
        let draft = composer.draft(at: .now)
        let change = draft.change(since: told, hasNews: composer.hasNews)
        guard schedule.isDue(change, at: clock.now) else { return }
        schedule.began(at: clock.now)
        do throws(KubeError) {
            try await write(draft)
            schedule.succeeded(at: clock.now)
            composer.told(draft)
            told = draft
            metrics.reported("success")
            if health.succeeded(.report) { logger.info("the hub takes reports again") }
        } catch {
            if error.code == .cancelled { return }
            let delay = schedule.failed(error, at: clock.now, random: random.next())
            metrics.reported(FailureReason.word(for: error))
            health.failed(.report, error)
            logger.warning(
                "the report could not be written; the agent goes on collecting",
                metadata: [
                    "reason": "\(FailureReason.word(for: error))", "error": "\(error.message)", "delay": "\(delay)",
                ]
            )
        }
    }

    private func write(_ draft: ReportDraft) async throws(KubeError) {
        let body = StatusApplication<ClusterAgent>(to: ObjectMeta(name: name)) { writer in
            writer.field("agent", draft.report)
            writer.field("conditions", draft.conditions)
        }
        _ = try await hub.resources(ClusterAgent.self).patch(
            name,
            .apply(body, fieldManager: FieldManager.agent),
            subresource: "status"
        )
    }
}
