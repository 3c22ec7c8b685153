// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI

/// Decides which events an agent reports, and how bad they are.
struct EventAdmission: Sendable, Hashable {
    private let filter: ClusterAgent.EventFilter
    private let namespaces: ClusterAgent.NamespaceSelection

    /// Takes over what a ClusterAgent says about it.
    init(_ spec: ClusterAgent.Spec) {
        filter = spec.report.events
        namespaces = spec.access.namespaces
    }

    /// The severity of an event; nil if it is not reported.
    /// - Parameters:
    ///   - reason: the event's reason.
    ///   - isWarning: whether its type is Warning.
    ///   - namespace: that of the object; empty for a cluster-scoped one.
    func severity(of reason: String, isWarning: Bool, in namespace: String) -> Severity? {
        guard !reason.isEmpty, isWanted(namespace) else { return nil }
        // Whoever names a reason wants it, of whatever type.
        let isNamed = filter.reasons.contains(reason)
        guard filter.reasons.isEmpty || isNamed,
            let usual = ReasonTable.severity(of: reason, isWarning: isWarning || isNamed)
        else { return nil }
        let severity = filter.severities[reason] ?? usual
        guard let minimum = filter.minSeverity else { return severity }
        return severity < minimum ? nil : severity
    }

    /// No list of namespaces is about objects that have none.
    private func isWanted(_ namespace: String) -> Bool {
        if namespace.isEmpty { return true }
        guard namespaces.contains(namespace) else { return false }
        return filter.namespaces.isEmpty || filter.namespaces.contains { NamePattern.matches($0, namespace) }
    }
}
