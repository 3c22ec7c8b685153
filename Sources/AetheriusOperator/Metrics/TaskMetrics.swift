// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import CoreMetrics
import KubeAPI
import Observability

/// Counts what becomes of DiagnosticTasks.
struct TaskMetrics: Sendable {
    static let ended = MetricDescription(
        "aetherius_tasks_ended_total",
        .counter,
        labels: ["phase", "reason"],
        help: "DiagnosticTasks that have ended, by the phase and the reason they ended with."
    )
    static let attempts = MetricDescription(
        "aetherius_task_attempts_total",
        .counter,
        help: "How often a DiagnosticTask was claimed, each further attempt included."
    )
    static let wait = MetricDescription(
        "aetherius_task_wait_seconds",
        .histogram(bounds: MetricDescription.longBounds),
        help: "Time from the creation of a DiagnosticTask to its first claim; the API server counts whole seconds."
    )
    static let duration = MetricDescription(
        "aetherius_task_duration_seconds",
        .histogram(bounds: MetricDescription.longBounds),
        labels: ["phase"],
        help: "Time from the claim of a DiagnosticTask to its end, by the phase it ended with."
    )
    static let evidence = MetricDescription(
        "aetherius_diagnosis_evidence_seconds",
        .histogram(bounds: MetricDescription.longBounds),
        help: "Time that reading a cluster and running the analyzers took."
    )
    static let rootCauses = MetricDescription(
        "aetherius_diagnosis_root_causes_total",
        .counter,
        labels: ["class"],
        help: "Root causes that were found, by their class."
    )
    static let confidence = MetricDescription(
        "aetherius_diagnosis_confidence",
        .histogram(bounds: [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1]),
        help: "How sure the operator was of the root causes it found, from 0 to 1."
    )
    static let unreadable = MetricDescription(
        "aetherius_diagnosis_unreadable_total",
        .counter,
        labels: ["reason"],
        help: "Reads of a cluster that failed while a task was worked on, by the reason."
    )

    static let descriptions = [
        ended, attempts, wait, duration, evidence, rootCauses, confidence, unreadable,
    ]

    let factory: any MetricsFactory

    /// A task has been claimed.
    func claimed(_ task: DiagnosticTask, attempt: Int) {
        Self.attempts.increment(in: factory)
        guard attempt == 1, let created = task.metadata.creationTimestamp else { return }
        timer(Self.wait).record(max(.zero, Timestamp.now.since(created)))
    }

    /// A cluster has been looked at.
    func gathered(_ report: DiagnosticTask.AgentReport, in duration: Duration) {
        timer(Self.evidence).record(duration)
        for gap in report.unreadable { Self.unreadable.increment(in: factory, [("reason", gap.reason)]) }
    }

    /// A task has ended.
    func ended(_ task: DiagnosticTask, reason: String) {
        let phase = task.status.phase?.rawValue ?? ""
        Self.ended.increment(in: factory, [("phase", phase), ("reason", reason)])
        if let started = task.status.startedAt {
            // The answer itself knows its time to the millisecond.
            let exact = task.status.diagnosis?.durationMilliseconds.map { Duration.milliseconds($0) }
            timer(Self.duration, [("phase", phase)]).record(exact ?? max(.zero, Timestamp.now.since(started)))
        }
        guard let cause = task.status.diagnosis?.rootCause else { return }
        Self.rootCauses.increment(in: factory, [("class", cause.class)])
        Recorder(label: Self.confidence.name, aggregate: true, factory: factory).record(cause.confidence)
    }

    private func timer(_ metric: MetricDescription, _ dimensions: [(String, String)] = []) -> Timer {
        Timer(label: metric.name, dimensions: dimensions, factory: factory)
    }
}

extension Timer {
    fileprivate func record(_ duration: Duration) { recordSeconds(duration / .seconds(1)) }
}
