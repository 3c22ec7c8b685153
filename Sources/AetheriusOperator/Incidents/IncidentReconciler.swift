// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

/// Opens a DiagnosticTask for each incident that an agent reports, and keeps what it says about the incident.
///
/// A request is a ClusterAgent. What is known of an incident stands in its task, so a restart loses nothing.
struct IncidentReconciler: Reconciler {
    let clusters: Store<ClusterAgent>
    let tasks: Store<DiagnosticTask>
    let client: KubernetesClient
    let events: EventRecorder
    /// Where the tasks are put: the operator's own namespace.
    let namespace: String
    let budget: OpeningBudget
    let book: IncidentBook
    let metrics: IncidentMetrics
    let logger: Logger

    /// How long the cache is given to see what has just been written.
    static let settling = Duration.milliseconds(200)

    func reconcile(_ request: ObjectKey) async throws -> ReconcileResult {
        let cluster = clusters[request].flatMap { $0.metadata.deletionTimestamp == nil ? $0 : nil }
        let incidents = cluster.map { $0.mayReport ? Incident.all(of: $0) : [] } ?? []
        let silent = silent(request.name, besides: incidents)
        book.keep(incidents, silent: silent, of: request.name)
        var wait: Duration?
        var failure: KubeError?
        for incident in incidents {
            guard let cluster else { break }
            do throws(KubeError) {
                if let due = try await follow(incident, of: cluster) { wait = min(wait ?? due, due) }
            } catch {
                // One that cannot be written must not keep the others from being looked into.
                failure = failure ?? error
            }
        }
        for task in silent {
            do throws(KubeError) {
                if let due = try await hear(task, of: request.name, cluster) { wait = min(wait ?? due, due) }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return wait.map { .requeue(after: $0) } ?? .done
    }

    /// Does what an incident calls for; returns when to look again.
    private func follow(_ incident: Incident, of cluster: ClusterAgent) async throws(KubeError) -> Duration? {
        let now = Timestamp.now
        let task = tasks.get(incident.taskName, namespace: namespace)
        let known = book.entry(incident)
        let kin = IncidentKin(of: incident, task: task, among: tasks) { name in
            clusters.get(name)?.isReporter == true
        }
        let decision = IncidentStateMachine.next(
            incident,
            task: task,
            IncidentStateMachine.Surroundings(
                mayOpen: IncidentRules.refusal(of: incident, by: cluster, now: now) == nil,
                cooldown: .seconds(cluster.spec.diagnosis.effectiveCooldownSeconds),
                links: kin.links,
                clusters: kin.clusters,
                countedBefore: known?.counted,
                writtenAt: known?.writtenAt
            ),
            now: now
        )
        if decision.opening != nil, let wait = budget.take() {
            metrics.heldBack()
            return wait
        }
        do throws(KubeError) {
            guard let task else {
                guard decision.opening == .create else { return nil }
                return try await open(incident, decision.severity)
            }
            return try await update(task, incident, decision, now)
        } catch {
            // The cache is behind, or somebody has deleted the task; the next look will tell.
            guard error.code == .conflict || error.code == .notFound || error.code == .alreadyExists else {
                throw error
            }
            return Self.settling
        }
    }

    private func open(_ incident: Incident, _ severity: Severity?) async throws(KubeError) -> Duration {
        let resource = client.resources(DiagnosticTask.self, namespace: namespace)
        let task = IncidentTask.make(for: incident, severity: severity, in: namespace)
        do throws(KubeError) {
            noteOpening(try await resource.create(task, fieldManager: FieldManager.operator), incident)
        } catch {
            budget.giveBack()
            throw error
        }
        // What has been counted is written when the cache has the task.
        return Self.settling
    }

    private func update(
        _ task: DiagnosticTask,
        _ incident: Incident,
        _ decision: IncidentStateMachine.Decision,
        _ now: Timestamp
    ) async throws(KubeError) -> Duration? {
        let resource = client.resources(DiagnosticTask.self, namespace: namespace)
        var version = task.metadata.resourceVersion
        if decision.opening == .rerun || decision.severity != nil {
            let isRunAgain = decision.opening == .rerun
            let change = IncidentTask.change(of: task, severity: decision.severity, isRunAgain: isRunAgain)
            do throws(KubeError) {
                version = try await resource.patch(
                    task.metadata.name,
                    .merge(change, fieldManager: FieldManager.operator)
                ).metadata.resourceVersion
            } catch {
                if decision.opening != nil { budget.giveBack() }
                throw error
            }
            if isRunAgain { noteOpening(task, incident) }
        }
        guard let note = decision.note else { return decision.lookAgain }
        _ = try await resource.patch(
            task.metadata.name,
            // What is counted on top of an older count would be lost from the newer one.
            .merge(IncidentTask.status(note, of: version), fieldManager: FieldManager.operator),
            subresource: "status"
        )
        book.note(incident, writtenAt: now)
        if decision.isOver { noteEnd(task, incident) }
        return nil
    }

    private func noteOpening(_ task: DiagnosticTask, _ incident: Incident) {
        metrics.opened(task.spec.severity ?? .medium)
        let reasons = incident.reasons.sorted().joined(separator: ", ")
        let message = "\(incident.object) in cluster \(incident.cluster): \(reasons)"
        events.record(.normal, reason: EventReason.taskCreated, message: message, about: task)
        logger.info(
            "an incident is looked into",
            metadata: [
                "task": "\(namespace)/\(incident.taskName)", "cluster_id": "\(incident.cluster)",
                "event_id": "\(incident.origin)",
            ]
        )
    }

    private func noteEnd(_ task: DiagnosticTask, _ incident: Incident) {
        let duration = incident.resolvedAt.map { $0.since(incident.firstSeen) } ?? .zero
        metrics.resolved(after: duration)
        let message = "over after \(max(0, duration.components.seconds)) s, \(incident.count) events"
        events.record(.normal, reason: EventReason.incidentResolved, message: message, about: task)
    }
}
