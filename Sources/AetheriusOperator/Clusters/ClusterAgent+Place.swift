// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

extension ClusterAgent {
    /// Whether the operator itself is the agent: the Local one, unless it is to have a Deployment of its own.
    var isInProcess: Bool { spec.mode == .local && metadata.annotations[AnnotationKey.ownDeployment] != "true" }

    /// Whether the agent is one that may say something.
    var mayReport: Bool { spec.accepted || isInProcess }

    /// Whether what the agent reports counts: it is admitted, and the one that it should be.
    var isReporter: Bool { isInProcess || spec.accepted && status.conditions.isTrue(ConditionType.registered) }

    /// Whether something is wrong with the cluster or with looking at it, as the agent itself says; nil if nothing is.
    var complaint: Condition? {
        [ConditionType.targetReachable, ConditionType.collectionHealthy].lazy
            .compactMap { status.conditions[$0] }
            .first { $0.status == .false }
    }

    /// The agent with a time of registration that can be.
    ///
    /// On servers that do not keep an agent to its own fields it may have written another one. What differs by less
    /// than clocks do is left alone.
    func withSaneRegistration(at now: Timestamp) -> ClusterAgent {
        guard let time = status.hub?.registeredAt else { return self }
        let slack = Duration.seconds(300)
        let earliest = metadata.creationTimestamp ?? time
        var agent = self
        if time > now.advanced(by: slack) { agent.status.hub?.registeredAt = now.wholeSeconds }
        if time.advanced(by: slack) < earliest { agent.status.hub?.registeredAt = earliest }
        return agent
    }

    /// The ClusterAgent that stands for the operator's own cluster: the oldest Local one that is to stay.
    static func firstLocal(among agents: [ClusterAgent]) -> ClusterAgent? {
        agents.filter { $0.spec.mode == .local && $0.metadata.deletionTimestamp == nil }
            .min { $0.isOlder(than: $1) }
    }

    /// Whether the agent was there before another one: by the time of creation, then by name.
    func isOlder(than other: ClusterAgent) -> Bool {
        (metadata.creationTimestamp ?? .now, metadata.name)
            < (other.metadata.creationTimestamp ?? .now, other.metadata.name)
    }
}
