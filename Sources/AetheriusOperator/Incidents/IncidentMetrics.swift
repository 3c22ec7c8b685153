// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import CoreMetrics
import KubeAPI
import Observability

/// Counts what becomes of incidents.
struct IncidentMetrics: Sendable {
    static let opened = MetricDescription(
        "aetherius_incidents_opened_total",
        .counter,
        labels: ["severity"],
        help: "DiagnosticTasks that were opened, or run again, for incidents that agents report."
    )
    static let heldBack = MetricDescription(
        "aetherius_incidents_held_back_total",
        .counter,
        help: "How often an incident had to wait because too many tasks were opened in a minute."
    )
    static let resolution = MetricDescription(
        "aetherius_incident_resolution_seconds",
        .histogram(bounds: [60, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400, 604_800]),
        help: "Time from the first event of an incident to its end, as its agent tells them."
    )

    static let descriptions = [opened, heldBack, resolution]

    let factory: any MetricsFactory

    func opened(_ severity: Severity) {
        let word = Severity.known.contains(severity) ? severity.rawValue : "Unknown"
        Self.opened.increment(in: factory, [("severity", word)])
    }

    func heldBack() { Self.heldBack.increment(in: factory) }

    func resolved(after duration: Duration) {
        Timer(label: Self.resolution.name, dimensions: [], factory: factory).recordSeconds(
            max(.zero, duration) / .seconds(1)
        )
    }
}
