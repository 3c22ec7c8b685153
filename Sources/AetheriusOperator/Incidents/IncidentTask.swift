// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeRuntime

/// The DiagnosticTask of an incident, and what is written into it.
enum IncidentTask {
    /// How long the task of an incident stays after its end: a week.
    static let timeToLive = 7 * 24 * 3600

    /// Finds tasks by the trouble that they share with other clusters.
    static let byKindred = Index<DiagnosticTask>("kindred") { task in
        task.metadata.labels[LabelKey.kindred].map { [$0] } ?? []
    }

    /// Finds the tasks of incidents by cluster and by the cause that was found.
    static let byCause = Index<DiagnosticTask>("cause") { task in cause(of: task).map { [$0] } ?? [] }

    /// The cluster, class and object of a task's cause; nil if it is no incident's or has none.
    static func cause(of task: DiagnosticTask) -> String? {
        guard task.metadata.labels[LabelKey.kindred] != nil, let cause = task.status.diagnosis?.rootCause else {
            return nil
        }
        return [task.status.clusterName ?? "", cause.class, cause.object].joined(separator: "\n")
    }

    /// Finds the tasks of incidents that are not over by the cluster that they are about.
    static let openByCluster = Index<DiagnosticTask>("openIncidents") { task in
        guard task.metadata.labels[LabelKey.incident] != nil, let incident = task.status.incident,
            incident.resolvedAt == nil, let cluster = task.metadata.labels[LabelKey.cluster]
        else { return [] }
        return [cluster]
    }

    static func make(for incident: Incident, severity: Severity?, in namespace: String) -> DiagnosticTask {
        var spec = DiagnosticTask.Spec(
            clusterRef: NameReference(name: incident.cluster),
            target: incident.object,
            severity: severity ?? incident.severity
        )
        spec.origin = DiagnosticTask.Origin(type: .event, id: incident.origin, reportedAt: incident.firstSeen)
        spec.ttlSecondsAfterFinished = timeToLive
        return DiagnosticTask(
            metadata: ObjectMeta(
                name: incident.taskName,
                namespace: namespace,
                labels: [
                    LabelKey.managedBy: LabelKey.managedByValue, LabelKey.cluster: incident.cluster,
                    LabelKey.incident: incident.fingerprint, LabelKey.kindred: incident.kindred,
                    LabelKey.origin: "event",
                ]
            ),
            spec: spec
        )
    }

    /// The change of the spec that runs a task again or makes it more urgent.
    ///
    /// It names the version that it was decided for: two that raise the generation would run the task twice.
    static func change(of task: DiagnosticTask, severity: Severity?, isRunAgain: Bool) -> JSONValue {
        var spec: JSONValue = [:]
        if let severity { spec["severity"] = .string(severity.rawValue) }
        if isRunAgain { spec["retryGeneration"] = .integer(task.spec.retryGeneration + 1) }
        return [
            "metadata": ["resourceVersion": .string(task.metadata.resourceVersion ?? "")], "spec": spec,
        ]
    }

    /// The change of the status that says what is known of the incident.
    ///
    /// In a merge, what is not named stays as it was: what is empty now has to be named.
    /// - Parameter version: the only version of the task that is changed.
    static func status(_ incident: DiagnosticTask.Incident, of version: String?) -> JSONValue {
        let linked = incident.linked.map { task in
            [
                "name": .string(task.name), "namespace": text(task.namespace), "clusterName": text(task.clusterName),
            ] as JSONValue
        }
        return [
            "metadata": ["resourceVersion": .string(version ?? "")],
            "status": [
                "incident": [
                    "fingerprint": text(incident.fingerprint), "count": .integer(Int64(incident.count)),
                    "firstSeen": time(incident.firstSeen), "lastSeen": time(incident.lastSeen),
                    "resolvedAt": time(incident.resolvedAt), "linked": linked.isEmpty ? .null : .array(linked),
                ]
            ],
        ]
    }

    private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    private static func time(_ time: Timestamp?) -> JSONValue { time.map { .string("\($0.wholeSeconds)") } ?? .null }
}
