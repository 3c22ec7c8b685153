// SPDX-License-Identifier: Apache-2.0

/// Reasons of the Kubernetes Events that are written about the custom resources.
public enum EventReason {
    /// A DiagnosticTask was created for an alert or an event.
    public static let taskCreated = "TaskCreated"
    /// A DiagnosticTask waits for its turn or its agent.
    public static let taskScheduled = "TaskScheduled"
    /// An attempt at a DiagnosticTask began.
    public static let taskStarted = "TaskStarted"
    /// A DiagnosticTask has ended with a diagnosis.
    public static let taskCompleted = "TaskCompleted"
    /// A DiagnosticTask has failed for good.
    public static let taskFailed = "TaskFailed"
    /// A DiagnosticTask ran out of time.
    public static let taskTimedOut = "TaskTimedOut"
    /// A DiagnosticTask was cancelled.
    public static let taskCancelled = "TaskCancelled"
    /// A DiagnosticTask failed and is tried again.
    public static let taskRetried = "TaskRetried"

    /// What a DiagnosticTask was opened for is over.
    public static let incidentResolved = "IncidentResolved"

    /// An ExecutionPlan was made from a diagnosis.
    public static let planCreated = "PlanCreated"
    /// An ExecutionPlan waits for somebody's approval.
    public static let planAwaitingApproval = "PlanAwaitingApproval"
    /// An ExecutionPlan was approved.
    public static let planApproved = "PlanApproved"
    /// An ExecutionPlan was rejected.
    public static let planRejected = "PlanRejected"
    /// An ExecutionPlan was not begun in time.
    public static let planExpired = "PlanExpired"
    /// An ExecutionPlan has ended with every step done.
    public static let planSucceeded = "PlanSucceeded"
    /// An ExecutionPlan has ended otherwise.
    public static let planFailed = "PlanFailed"
    /// A layer of safety refused an ExecutionPlan.
    public static let planDenied = "PlanDenied"
    /// One step of an ExecutionPlan was run.
    public static let stepExecuted = "StepExecuted"

    /// A ClusterAgent registered.
    public static let agentRegistered = "AgentRegistered"
    /// A ClusterAgent is there again, or for the first time.
    public static let agentOnline = "AgentOnline"
    /// A ClusterAgent's heartbeat has stopped.
    public static let agentOffline = "AgentOffline"
    /// A second agent runs under the name of a ClusterAgent; it does nothing.
    public static let duplicateAgent = "DuplicateAgent"
    /// A ClusterAgent was deleted, and its agent could not be removed from the cluster that it runs in.
    public static let agentLeftBehind = "AgentLeftBehind"

    /// A KnowledgeEntry can be found by searches.
    public static let knowledgeIndexed = "KnowledgeIndexed"
    /// A KnowledgeEntry was taken out of use.
    public static let knowledgeSuspended = "KnowledgeSuspended"

    /// A notification was delivered.
    public static let notificationSent = "NotificationSent"
    /// A notification could not be delivered.
    public static let notificationFailed = "NotificationFailed"
    /// An object breaks a rule that its schema does not state; see the message.
    public static let invalidSpec = "InvalidSpec"
}
