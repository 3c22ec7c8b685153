// SPDX-License-Identifier: Apache-2.0
public import AetheriusAPI
import JSON
import KubeAPI
public import KubeClient

/// Writes an agent's report into a DiagnosticTask.
///
/// The agent owns `status.agent` and nothing else: it applies that one field under its own field manager.
public struct AgentReportWriter: Sendable {
    private let client: KubernetesClient

    /// Creates a writer.
    public init(client: KubernetesClient) { self.client = client }

    /// Puts a report into the version of a task for which it was made.
    /// - Returns: the task as it is now.
    /// - Throws: ``KubeError`` with ``KubeError/Code/conflict`` if the task has changed meanwhile.
    public func write(
        _ report: DiagnosticTask.AgentReport,
        to task: DiagnosticTask
    ) async throws(KubeError) -> DiagnosticTask {
        let body = StatusApplication<DiagnosticTask>(to: task.metadata) { $0.field("agent", report) }
        return try await client.resources(DiagnosticTask.self, namespace: task.metadata.namespace).patch(
            task.metadata.name,
            .apply(body, fieldManager: FieldManager.agent),
            subresource: "status"
        )
    }
}
