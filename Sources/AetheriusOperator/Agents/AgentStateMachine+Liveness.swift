// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

extension AgentStateMachine {
    /// Whether the agent is there.
    struct Liveness {
        var isAlive: Bool
        var condition: Condition
    }

    func liveness(_ view: View, _ registration: Registration) -> Liveness {
        let seconds = view.agent.spec.heartbeat.offlineAfterSeconds
        let isSilent = view.heartbeat.age >= .seconds(seconds)
        func dead(_ reason: String, _ message: String) -> Liveness {
            Liveness(
                isAlive: false,
                condition: Condition(type: ConditionType.online, status: .false, reason: reason, message: message)
            )
        }
        func alive() -> Liveness {
            Liveness(
                isAlive: true,
                condition: Condition(
                    type: ConditionType.online,
                    status: .true,
                    reason: "Heartbeat",
                    message: "the last heartbeat is at most \(seconds) s old"
                )
            )
        }
        switch view.heartbeat.state {
        case .left:
            return dead("Goodbye", "the agent was stopped and said so: start it again, or see why it was stopped")
        case .beating where !isSilent:
            return alive()
        case .awaited, .assumed:
            // Nobody looked for a while. What was there before is believed for as long as a silence may last.
            let wasAlive = view.agent.status.phase?.isAlive == true
            if wasAlive, !isSilent { return alive() }
            if !wasAlive, let known = view.agent.status.conditions[ConditionType.online], known.status == .false,
                registration.condition.status == .true
            {
                return dead(known.reason, known.message)
            }
            fallthrough
        case .beating:
            guard registration.condition.status == .true else {
                return dead("NotRegistered", "the agent has not registered, see the condition Registered")
            }
            return dead(
                "HeartbeatStopped",
                "no heartbeat has come for \(seconds) s: see whether the agent runs, and in its log what keeps it from "
                    + "the API server here (credentials, TLS, DNS, a firewall)"
            )
        }
    }

    func deployed(_ view: View, _ registration: Registration, _ liveness: Liveness) -> Condition {
        func condition(_ holds: Bool, _ reason: String, _ message: String) -> Condition {
            Condition(
                type: ConditionType.deployed,
                status: holds ? .true : .false,
                reason: reason,
                message: message.bounded(toUTF8: 1024)
            )
        }
        switch view.deployment {
        case .unneeded: return condition(true, "Unneeded", "the agent needs no Deployment")
        case .available(let message): return condition(true, "Available", message)
        case .progressing(let message): return condition(false, "Progressing", message)
        case .failed(let reason, let message): return condition(false, reason, message)
        case .outdated:
            return condition(
                false,
                "ManifestOutdated",
                "the agent runs with other settings of spec.connection than these: apply once more, in the observed "
                    + "cluster, what \"aetherius agent manifest \(view.agent.metadata.name)\" prints"
            )
        case .manual:
            if liveness.isAlive {
                return condition(true, "Running", "it was applied in the observed cluster, and its heartbeat comes")
            }
            // It has been there: only its heartbeat tells whether it still is.
            if registration.condition.status == .true {
                return Condition(
                    type: ConditionType.deployed,
                    status: .unknown,
                    reason: "NotHeard",
                    message: "it was applied in the observed cluster, where nobody here can see whether it still runs"
                )
            }
            return condition(
                false,
                "ManifestNotApplied",
                "somebody has to apply, once and in the observed cluster, what \"aetherius agent manifest "
                    + "\(view.agent.metadata.name)\" prints"
            )
        }
    }

    func credentials(_ view: View, _ registration: Registration, _ liveness: Liveness) -> Condition {
        func condition(_ status: Condition.Value, _ reason: String, _ message: String) -> Condition {
            Condition(type: ConditionType.credentialsValid, status: status, reason: reason, message: message)
        }
        let own = ownTokenExpiry(view)
        if liveness.isAlive {
            let life = own.map { "; the agent's own token is valid until \($0) and renewed before" } ?? ""
            return condition(.true, "InUse", "the API server accepts what the agent proves itself with\(life)")
        }
        if view.agent.spec.mode != .remote {
            return condition(.true, "PodToken", "the kubelet renews the token of the agent's pod")
        }
        if let expiry = view.bootstrapExpiry {
            guard expiry > view.now else {
                return condition(.false, "BootstrapTokenExpired", "the token to register with ended at \(expiry)")
            }
            return condition(.true, "BootstrapToken", "the token to register with is valid until \(expiry)")
        }
        let newToken =
            "delete the Secret \(AgentNames.install(view.agent.metadata.name)) in \(AgentNames.namespace) for a new "
            + "token to register with"
        if let own {
            guard own > view.now else {
                return condition(.false, "TokenExpired", "the agent's own token ended at \(own): \(newToken)")
            }
            return condition(
                .true,
                "TokenValid",
                "the agent's own token is valid until \(own); if its log says 401 all the same, \(newToken)"
            )
        }
        return condition(
            .unknown,
            "NotHeard",
            "the agent keeps its token itself and has not been heard: if its log says 401, \(newToken)"
        )
    }

    /// When the token ends that the agent keeps itself, as it has told; nil while it has none or needs none.
    func ownTokenExpiry(_ view: View) -> Timestamp? {
        view.agent.spec.mode == .remote ? view.agent.status.agent?.tokenExpiry : nil
    }
}
