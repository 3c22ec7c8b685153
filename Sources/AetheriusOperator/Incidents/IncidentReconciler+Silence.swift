// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime

extension IncidentReconciler {
    /// The tasks of a cluster's incidents that are open, and that its report does not name.
    func silent(_ name: String, besides incidents: [Incident]) -> [DiagnosticTask] {
        let named = Set(incidents.map(\.taskName))
        return tasks.objects(in: IncidentTask.openByCluster.name, value: name)
            .filter { $0.metadata.namespace == namespace && !named.contains($0.metadata.name) }
            .sorted { $0.metadata.name < $1.metadata.name }
    }

    /// Ends an incident that nobody reports any more; returns when to look again.
    func hear(
        _ task: DiagnosticTask,
        of name: String,
        _ cluster: ClusterAgent?
    ) async throws(KubeError) -> Duration? {
        switch IncidentSilence(about: task, of: name, cluster) {
        case .over(let message): return try await close(task, message)
        case .unclear:
            book.endSilence(of: task.metadata.name, in: name)
            return nil
        case .omitted(let patience, let message):
            let left = patience - book.silence(of: task.metadata.name, in: name)
            guard left <= .zero else { return left }
            return try await close(task, message)
        }
    }

    private func close(_ task: DiagnosticTask, _ message: String) async throws(KubeError) -> Duration? {
        guard var incident = task.status.incident else { return nil }
        incident.resolvedAt = .now
        do throws(KubeError) {
            _ = try await client.resources(DiagnosticTask.self, namespace: namespace).patch(
                task.metadata.name,
                .merge(
                    IncidentTask.status(incident, of: task.metadata.resourceVersion),
                    fieldManager: FieldManager.operator
                ),
                subresource: "status"
            )
        } catch {
            // The cache is behind, or somebody has deleted the task; the next look will tell.
            guard error.code == .conflict || error.code == .notFound else { throw error }
            return Self.settling
        }
        // How long it took is not known, so it is not measured.
        events.record(.normal, reason: EventReason.incidentResolved, message: message, about: task)
        return nil
    }
}
