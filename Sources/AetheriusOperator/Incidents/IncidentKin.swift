// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime

/// Other tasks of the trouble that an incident is part of.
struct IncidentKin {
    /// The tasks: the same incident in other clusters, if enough of them have it, and those of the same cluster for
    /// which the same cause was found.
    let links: [DiagnosticTask.LinkedTask]
    /// In how many clusters the incident is, its own included.
    let clusters: Int

    /// - Parameter isReporter: whether what comes from a cluster counts: one that reports what another one's agent
    ///   reports too must not look like one more that has the trouble.
    init(
        of incident: Incident,
        task: DiagnosticTask?,
        among tasks: Store<DiagnosticTask>,
        isReporter: (String) -> Bool
    ) {
        let kindred = isReporter(incident.cluster) ? incident.kindred : nil
        let elsewhere = (kindred.map { tasks.objects(in: IncidentTask.byKindred.name, value: $0) } ?? []).filter {
            $0.metadata.name != incident.taskName && $0.status.incident?.resolvedAt == nil
                && isReporter($0.spec.clusterRef?.name ?? "")
        }
        clusters = 1 + Set(elsewhere.compactMap { $0.spec.clusterRef?.name }).count
        let isShared = clusters >= IncidentStateMachine.sharingClusters
        let sameCause =
            task.flatMap(IncidentTask.cause)
            .map { tasks.objects(in: IncidentTask.byCause.name, value: $0) } ?? []
        let kin = (isShared ? elsewhere : []) + sameCause.filter { $0.metadata.name != incident.taskName }
        links = Dictionary(kin.map { ($0.metadata.name, $0) }, uniquingKeysWith: { first, _ in first }).values
            .sorted { $0.metadata.name < $1.metadata.name }
            .prefix(IncidentStateMachine.maximumLinks)
            .map {
                DiagnosticTask.LinkedTask(
                    name: $0.metadata.name,
                    namespace: $0.metadata.namespace,
                    clusterName: $0.spec.clusterRef?.name
                )
            }
    }
}
