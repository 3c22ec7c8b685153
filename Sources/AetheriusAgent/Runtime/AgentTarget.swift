// SPDX-License-Identifier: Apache-2.0
public import KubeClient
import KubeRuntime

/// How an agent reaches the cluster that it observes.
public enum AgentTarget: Sendable {
    /// By a connection that stays.
    case client(KubernetesClient)
    /// By a kubeconfig that is read anew when its file changes; it has to hold everything itself.
    ///
    /// The closure makes a client of what the file says.
    case kubeconfig(
        path: String,
        makeClient: @Sendable (ClientConfiguration) throws(KubeError) -> KubernetesClient
    )
}
