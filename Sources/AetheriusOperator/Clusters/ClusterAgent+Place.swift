// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

extension ClusterAgent {
    /// Whether the operator itself is the agent: the Local one, unless it is to have a Deployment of its own.
    var isInProcess: Bool { spec.mode == .local && metadata.annotations[AnnotationKey.ownDeployment] != "true" }

    /// Whether the agent was there before another one: by the time of creation, then by name.
    func isOlder(than other: ClusterAgent) -> Bool {
        (metadata.creationTimestamp ?? .now, metadata.name)
            < (other.metadata.creationTimestamp ?? .now, other.metadata.name)
    }
}
