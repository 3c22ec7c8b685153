// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

extension AgentStateMachine {
    /// Whether the agent has shown itself, and is the one it should be.
    struct Registration {
        /// Reasons that only somebody can do something about.
        static let conflicts: Set<String> = ["IdentityMismatch", "DuplicateCluster", InstalledAgent.reason]

        var condition: Condition
        /// Whether it shows itself now for the first time.
        var isNew = false
    }

    func registration(_ view: View, _ hub: inout ClusterAgent.Hub) -> Registration {
        let name = view.agent.metadata.name
        let report = view.agent.status.agent
        let reported = report?.clusterUID.flatMap { $0.isEmpty ? nil : $0 }
        func failed(_ reason: String, _ message: String) -> Registration {
            Registration(
                condition: Condition(type: ConditionType.registered, status: .false, reason: reason, message: message)
            )
        }
        if let pinned = view.pinnedUID, let reported, pinned != reported {
            return failed(
                "IdentityMismatch",
                "the agent looks at another cluster (\(reported)) than the one that ClusterAgent \(name) stands for "
                    + "(\(pinned)): correct where the agent runs, make a ClusterAgent of another name for it, or remove "
                    + "the annotation \(AnnotationKey.clusterUID) if the cluster was built anew"
            )
        }
        if let twin = view.twin {
            return failed(
                "DuplicateCluster",
                "ClusterAgent \(twin) stands for the same cluster already (\(reported ?? view.pinnedUID ?? "")): "
                    + "delete one of the two"
            )
        }
        let instance = report?.instanceID ?? ""
        // Somebody has allowed another cluster to take the place.
        if view.pinnedUID == nil { hub.registeredAt = nil }
        if hub.registeredAt == nil {
            // What beat before the agent was admitted proves nothing.
            let limit = Duration.seconds(view.agent.spec.heartbeat.offlineAfterSeconds)
            guard view.heartbeat.state == .beating, view.heartbeat.age < limit else {
                return failed("NotSeen", "no heartbeat has come yet: \(howToStart(view))")
            }
            guard let reported, !instance.isEmpty else {
                return failed(
                    "NoReport",
                    "the heartbeat comes, but the agent has not said which cluster it sees: look at its log for what "
                        + "it may not write or read"
                )
            }
            hub.registeredAt = view.now.wholeSeconds
            hub.clusterUID = reported
            return Registration(condition: registered(reported), isNew: true)
        }
        return Registration(condition: registered(hub.clusterUID ?? reported ?? ""))
    }

    private func registered(_ clusterUID: String) -> Condition {
        Condition(
            type: ConditionType.registered,
            status: .true,
            reason: "Registered",
            message: "the agent looks at the cluster \(clusterUID)"
        )
    }

    /// What somebody may have to do before an agent shows itself.
    private func howToStart(_ view: View) -> String {
        switch view.deployment {
        case .manual, .outdated:
            "apply in the observed cluster what \"aetherius agent manifest \(view.agent.metadata.name)\" prints"
        case .available, .unneeded:
            "the agent runs; its log says what keeps it from the API server here (credentials, TLS, DNS, a firewall)"
        case .progressing, .failed: "the agent does not run yet, see the condition \(ConditionType.deployed)"
        }
    }
}
