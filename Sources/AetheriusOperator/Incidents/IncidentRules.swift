// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Whether an incident may open a task by itself, as its ClusterAgent says.
enum IncidentRules {
    /// Why an incident opens no task; nil if it does.
    enum Refusal: String, Sendable {
        case notRegistered, automaticTasksAreOff, severityTooLow, namespaceNotAllowed, muted
    }

    static func refusal(of incident: Incident, by cluster: ClusterAgent, now: Timestamp) -> Refusal? {
        // Who is not the one that it should be must not make work.
        guard cluster.isReporter else { return .notRegistered }
        let (spec, settings) = (cluster.spec, cluster.spec.diagnosis)
        guard settings.effectiveAuto else { return .automaticTasksAreOff }
        guard incident.severity >= settings.effectiveMinSeverity else { return .severityTooLow }
        let namespace = incident.object.namespace
        guard namespace.isEmpty || spec.access.namespaces.contains(namespace) else { return .namespaceNotAllowed }
        return settings.mute.contains { mutes($0, incident, now) } ? .muted : nil
    }

    /// Whether every field that the rule gives fits.
    private static func mutes(_ rule: ClusterAgent.MuteRule, _ incident: Incident, _ now: Timestamp) -> Bool {
        if let until = rule.until, until <= now { return false }
        // A rule without a field would mute everything; the ClusterAgent is told that it is not valid.
        guard rule.namespace != nil || rule.owner != nil || rule.reason != nil else { return false }
        if let namespace = rule.namespace, !NamePattern.matches(namespace, incident.object.namespace) { return false }
        if let owner = rule.owner, owner != "\(incident.object.kind)/\(incident.object.name)" { return false }
        if let reason = rule.reason, !incident.reasons.contains(reason) { return false }
        return true
    }
}
