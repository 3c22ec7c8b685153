// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient

/// How far an agent's Deployment is.
enum AgentDeploymentState: Equatable {
    /// The agent needs none.
    case unneeded
    /// Somebody has to apply the manifest.
    case manual
    /// Somebody has to apply the manifest again: the agent that runs has other settings of the connection.
    case outdated
    /// It was made, and no pod is ready yet.
    case progressing(String)
    /// It is as it should be.
    case available(String)
    /// It cannot be made, or cannot run.
    case failed(reason: String, message: String)

    static let noImage = AgentDeploymentState.failed(
        reason: "NoImage",
        message: "spec.agent.image is missing, and the operator's own setting agent-image is too: set one of them"
    )

    /// What could not be made for an agent on the hub.
    static func notMade(_ error: KubeError, for agent: ClusterAgent) -> AgentDeploymentState {
        switch error.code {
        case .forbidden:
            .failed(
                reason: "OperatorForbidden",
                message: (agent.spec.mode == .local
                    ? "set agents.localDeployment=true in the chart: the operator has to hold every right that it gives "
                        + "to a Deployment of its own cluster's agent: "
                    : "the operator may not make what the agent needs; install it with the chart's rights: ")
                    + error.message
            )
        case .configuration: .failed(reason: "InvalidConfiguration", message: error.message)
        default: .failed(reason: "NotMade", message: error.message)
        }
    }

    /// Reads the state of a Deployment.
    /// - Parameter place: what messages call it.
    init(_ deployment: Workload?, place: String) {
        guard let deployment else {
            self = .progressing("\(place) is about to be made")
            return
        }
        let status = deployment.status
        let isCurrent = status.observedGeneration ?? 0 >= deployment.metadata.generation ?? 0
        if isCurrent, status.availableReplicas > 0, status.updatedReplicas > 0 {
            self = .available("\(place) has a ready pod")
            return
        }
        let failure = status.conditions.first { condition in
            (condition.type == "ReplicaFailure" && condition.status == .true)
                || (condition.type == "Progressing" && condition.status == .false)
        }
        guard let failure else {
            self = .progressing("\(place) has no ready pod yet")
            return
        }
        self = .failed(reason: failure.reason, message: "\(place): \(failure.message)")
    }
}
