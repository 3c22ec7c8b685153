// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// The state of the agent that is the operator itself.
enum LocalAgentVerdict {
    /// - Parameters:
    ///   - agent: the ClusterAgent.
    ///   - first: the name of an older one for the same cluster; nil if there is none.
    ///   - isObserved: whether the operator watches the cluster, besides answering tasks about it.
    ///   - clusterUID: the identity of the operator's own cluster.
    static func verdict(
        on agent: ClusterAgent,
        first: String?,
        isObserved: Bool,
        clusterUID: String?
    ) -> AgentStateMachine.Verdict {
        var hub = agent.status.hub ?? ClusterAgent.Hub()
        hub.clusterUID = clusterUID ?? hub.clusterUID
        if let first {
            return verdict(
                .pending,
                hub,
                holds: false,
                StandardConditions(
                    state: .stalled,
                    reason: "Duplicate",
                    message: "ClusterAgent \(first) stands for the local cluster already; delete one of them"
                )
            )
        }
        hub.registeredAt = hub.registeredAt ?? agent.metadata.creationTimestamp
        let message =
            isObserved
            ? "the operator itself watches this cluster"
            : "the operator answers tasks about this cluster and does not watch it (its setting observe-local)"
        let online = StandardConditions(state: .ready, reason: "Online", message: message)
        guard isObserved, let complaint = agent.complaint else { return verdict(.online, hub, holds: true, online) }
        var degraded = verdict(.degraded, hub, holds: true, online)
        degraded.standard = .degraded(complaint)
        return degraded
    }

    private static func verdict(
        _ phase: ClusterAgent.Phase,
        _ hub: ClusterAgent.Hub,
        holds: Bool,
        _ standard: StandardConditions
    ) -> AgentStateMachine.Verdict {
        let types = [
            ConditionType.accepted, ConditionType.deployed, ConditionType.registered, ConditionType.online,
            ConditionType.credentialsValid,
        ]
        return AgentStateMachine.Verdict(
            phase: phase,
            hub: hub,
            conditions: types.map { type in
                Condition(
                    type: type,
                    status: holds ? .true : .false,
                    reason: standard.reason,
                    message: standard.message
                )
            },
            standard: standard
        )
    }
}
