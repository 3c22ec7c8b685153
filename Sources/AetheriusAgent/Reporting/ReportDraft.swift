// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// What an agent would report now.
struct ReportDraft: Sendable {
    /// `status.agent`.
    var report: ClusterAgent.AgentReport
    /// The conditions that the agent writes.
    var conditions: [Condition]
    /// UID of the ClusterAgent that it is for; nil where that does not matter.
    var agentUID: String?

    /// How much it differs from what the hub has.
    /// - Parameters:
    ///   - told: what the hub has; nil for nothing from this process.
    ///   - hasNews: whether there are events that the hub should hear of soon.
    func change(since told: ReportDraft?, hasNews: Bool) -> ReportSchedule.Change {
        // One that was deleted and made again has heard nothing.
        guard let told, told.agentUID == agentUID else { return .news }
        let states = [self, told].map { $0.conditions.map { [$0.type, $0.status.rawValue, $0.reason] } }
        if hasNews || states[0] != states[1] { return .news }
        let identities = [self, told].map { [$0.report.clusterUID, $0.report.kubernetesVersion] }
        if identities[0] != identities[1] { return .news }
        let known = Set(told.report.unhealthy.map { [$0.object.description, $0.reason] })
        if report.unhealthy.contains(where: { !known.contains([$0.object.description, $0.reason]) }) { return .news }
        return report.saysTheSame(as: told.report) && conditions == told.conditions ? .none : .routine
    }
}
