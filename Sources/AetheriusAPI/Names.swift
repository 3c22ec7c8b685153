// SPDX-License-Identifier: Apache-2.0

/// The API group of the custom resources, and what else carries its name.
public enum AetheriusGroup {
    /// The API group: `aetherius.io`.
    public static let name = "aetherius.io"
    /// The one version that is served and stored: `v1alpha1`.
    public static let version = "v1alpha1"
    /// Group and version as objects carry them: `aetherius.io/v1alpha1`.
    public static let apiVersion = "aetherius.io/v1alpha1"

    /// Name of the ClusterAgent that stands for the cluster the operator runs in.
    public static let localClusterName = "local"
}

/// Names under which fields are owned in server-side apply and updates.
public enum FieldManager {
    /// The operator: everything but what the agents own.
    public static let `operator` = "aetherius-operator"
    /// An agent: `status.agent` of ClusterAgents and DiagnosticTasks, and the progress of ExecutionPlans.
    public static let agent = "aetherius-agent"
}

/// Keys of the labels that are put on objects, so that they can be selected.
public enum LabelKey {
    /// Name of the ClusterAgent that an object has to do with.
    public static let cluster = "aetherius.io/cluster"
    /// Name of the DiagnosticTask that a plan was made from.
    public static let task = "aetherius.io/task"
    /// Fingerprint of the incident that a task is about.
    public static let incident = "aetherius.io/incident"
    /// What made a task: `alert`, `event` or `manual`.
    public static let origin = "aetherius.io/origin"
    /// On a task of an incident: what it has in common with the same trouble in other clusters.
    public static let kindred = "aetherius.io/kindred"
    /// The part of Aetherius an object belongs to: `agent` or `operator`.
    public static let component = "aetherius.io/component"
    /// The common label for the program that looks after an object (`app.kubernetes.io/managed-by`).
    public static let managedBy = "app.kubernetes.io/managed-by"
    /// The value of ``managedBy`` on objects that the operator looks after: `aetherius`.
    public static let managedByValue = "aetherius"
}

/// Keys of annotations.
public enum AnnotationKey {
    /// Hash of the configuration that an agent's Deployment was made from; a change rolls it out anew.
    public static let configurationHash = "aetherius.io/config-hash"
    /// On a ClusterAgent: the identity of the cluster that it stands for, noted at the first registration.
    ///
    /// Only the operator sets it; an agent cannot change it. Removing it lets another cluster register.
    public static let clusterUID = "aetherius.io/cluster-uid"
    /// On a ClusterAgent with mode Local: `true` gives its agent a Deployment of its own instead of a place in the
    /// operator's process.
    public static let ownDeployment = "aetherius.io/own-deployment"
    /// On a mailbox: the kubeconfig by which the operator removes the agent from its cluster, as `SECRET/KEY`.
    ///
    /// It is what is left to go by once the ClusterAgent is gone.
    public static let targetKubeconfig = "aetherius.io/target-kubeconfig"
    /// On a mailbox: the mode of the agent that it was made for and the UID of its ClusterAgent, as `MODE/UID`.
    ///
    /// The mode of a ClusterAgent cannot be changed; where the API server does not see to that, the operator does.
    public static let agentMode = "aetherius.io/agent-mode"
    /// On the Secret with an agent's manifest: hash of the settings of the connection in it.
    public static let settingsHash = "aetherius.io/settings-hash"
    /// On the Secret with an agent's manifest: the run of the agent that was seen last and the hash of the settings
    /// that it began with, as `HASH/RUN`.
    public static let agentRun = "aetherius.io/agent-run"
    /// On a Secret with a token: until when the token is valid.
    public static let tokenExpiry = "aetherius.io/token-expiry"
}
