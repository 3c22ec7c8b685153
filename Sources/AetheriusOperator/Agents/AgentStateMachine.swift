// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Decides what state an agent that is not the operator itself is in.
///
/// Pure: it is told everything it has to know, the time included, and answers with the status to write.
struct AgentStateMachine {
    /// What is known about an agent.
    struct View {
        var agent: ClusterAgent
        /// The cluster's identity as it was pinned; nil before the first registration.
        var pinnedUID: String?
        /// An older ClusterAgent that stands for the same cluster; nil if there is none.
        var twin: String?
        var heartbeat: HeartbeatObservation
        var deployment: AgentDeploymentState
        /// Until when the token is valid by which the agent can register; nil if it needs none.
        var bootstrapExpiry: Timestamp?
        var now: Timestamp
    }

    /// What an agent's status should be.
    struct Verdict {
        var phase: ClusterAgent.Phase
        var hub: ClusterAgent.Hub
        /// The conditions beside the standard ones.
        var conditions: [Condition]
        var standard: StandardConditions
        /// Whether the agent registers now.
        var isRegistering = false
        /// When to look again, even if nothing happens.
        var checkAfter: Duration?
    }

    /// How often a heartbeat that goes on is noted in the status.
    static let noteInterval = Duration.seconds(300)

    func verdict(on view: View) -> Verdict {
        var hub = view.agent.status.hub ?? ClusterAgent.Hub()
        hub.clusterUID = view.pinnedUID
        hub.tokenExpiry = view.bootstrapExpiry ?? ownTokenExpiry(view)
        guard view.agent.spec.accepted else { return notAccepted(hub) }
        let registration = registration(view, &hub)
        let liveness = liveness(view, registration)
        let phase = phase(view, registration, liveness)
        note(view, phase, &hub)
        let conditions = [
            Condition(type: ConditionType.accepted, status: .true, reason: "Accepted", message: "spec.accepted is set"),
            deployed(view, registration, liveness),
            registration.condition,
            // Before the silence that comes of it: the first that does not hold is what somebody has to act on.
            credentials(view, registration, liveness),
            liveness.condition,
        ]
        return Verdict(
            phase: phase,
            hub: hub,
            conditions: conditions,
            standard: standard(view, phase, conditions),
            isRegistering: registration.isNew,
            checkAfter: checkAfter(view, liveness)
        )
    }

    /// Nothing but that somebody has to admit the agent.
    private func notAccepted(_ hub: ClusterAgent.Hub) -> Verdict {
        var hub = hub
        hub.registeredAt = nil
        hub.offlineSince = nil
        hub.tokenExpiry = nil
        let message = "spec.accepted is false: the agent has no account and no rights; set it to true to admit it"
        let types = [
            ConditionType.accepted, ConditionType.deployed, ConditionType.registered, ConditionType.online,
            ConditionType.credentialsValid,
        ]
        return Verdict(
            phase: .pending,
            hub: hub,
            conditions: types.map { Condition(type: $0, status: .false, reason: "NotAccepted", message: message) },
            standard: StandardConditions(state: .stalled, reason: "NotAccepted", message: message)
        )
    }

    private func phase(_ view: View, _ registration: Registration, _ liveness: Liveness) -> ClusterAgent.Phase {
        guard registration.condition.status == .true else { return .registering }
        guard liveness.isAlive else { return .offline }
        return view.agent.complaint == nil ? .online : .degraded
    }

    /// Notes times in the status: when something changes, and now and then.
    private func note(_ view: View, _ phase: ClusterAgent.Phase, _ hub: inout ClusterAgent.Hub) {
        let isChange = phase != view.agent.status.phase
        if let observed = view.heartbeat.observedAt?.wholeSeconds {
            let isOld = hub.lastHeartbeatObserved.map { observed.since($0) >= Self.noteInterval } ?? true
            if isChange || isOld { hub.lastHeartbeatObserved = observed }
        }
        hub.offlineSince = phase == .offline ? hub.offlineSince ?? view.now.wholeSeconds : nil
    }

    private func standard(
        _ view: View,
        _ phase: ClusterAgent.Phase,
        _ conditions: [Condition]
    ) -> StandardConditions {
        switch phase {
        case .online:
            return StandardConditions(state: .ready, reason: "Online", message: "the agent is there and looks")
        case .degraded:
            return .degraded(view.agent.complaint)
        default:
            // What only somebody can mend is said first: all else comes of it, or does not matter beside it.
            let conflict = conditions.first { $0.status == .false && Registration.conflicts.contains($0.reason) }
            let first = conflict ?? conditions.first { $0.status == .false }
            return StandardConditions(
                state: conflict == nil ? .reconciling : .stalled,
                reason: first?.reason ?? phase.rawValue,
                message: first?.message ?? ""
            )
        }
    }

    private func checkAfter(_ view: View, _ liveness: Liveness) -> Duration? {
        let limit = Duration.seconds(view.agent.spec.heartbeat.offlineAfterSeconds)
        let overdue = liveness.isAlive ? max(.milliseconds(10), limit - view.heartbeat.age) : nil
        let renewal = view.bootstrapExpiry.map { max(.seconds(1), $0.since(view.now) - AgentCredentials.renewal) }
        // The condition of a token that nobody renews changes when its time is over.
        let end = liveness.isAlive ? nil : ownTokenExpiry(view).flatMap { $0 > view.now ? $0.since(view.now) : nil }
        return [overdue, renewal, end].compactMap { $0 }.min()
    }
}

extension StandardConditions {
    /// The agent is there, and says that something is wrong.
    static func degraded(_ complaint: Condition?) -> StandardConditions {
        StandardConditions(
            state: .reconciling,
            reason: complaint?.reason ?? "Degraded",
            message: "\(complaint?.type ?? ""): \(complaint?.message ?? "")"
        )
    }
}
