// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A monitoring system complains about an object: a symptom.
    public static let alertFiring = CauseClass(rawValue: "AlertFiring")
}

/// What a monitoring system complains about.
///
/// An alert says of an object that it does badly, and not why: it is a symptom. In one case several together point at
/// something, without proving it: if programs whose pods do well fail with internal errors in requests that write, and
/// only in those, the one database that they have may accept no writes.
struct AlertAnalyzer: Analyzer {
    let detections = [
        Detection(
            .alertFiring,
            kinds: ["Workload", "Service", "Node"],
            category: .symptom,
            proof: "An alert fires whose labels name the object.",
            remedy: "Look for a cause in the object and in what it depends on."
        ),
        Detection(
            .databaseReadOnly,
            kinds: ["Workload"],
            proof:
                "Alerts of several programs tell of internal errors in requests that write, while all pods are ready "
                + "and there is one database that they name.",
            remedy: "See whether the database accepts writes."
        ),
    ]

    /// The most alerts that are looked at.
    private static let maximumAlerts = 500
    /// Alerts that always fire, or that only hold back others.
    private static let technical: Set<String> = ["Watchdog", "InfoInhibitor", "DeadMansSwitch"]

    func findings(in snapshot: Snapshot) -> [Finding] {
        guard !snapshot.alerts.isEmpty else { return [] }
        let directory = ServiceDirectory(snapshot)
        let alerts = snapshot.alerts.prefix(Self.maximumAlerts).filter {
            !Self.technical.contains($0.name) && !["info", "none"].contains($0.labels["severity"] ?? "")
        }
        let symptoms = alerts.compactMap { alert -> Finding? in
            guard let object = Self.object(of: alert, in: snapshot), isAsked(object, snapshot) else { return nil }
            return Self.symptom(alert, object, directory, in: snapshot)
        }
        return symptoms + writeErrors(alerts, directory, in: snapshot)
    }

    /// Whether the question is about the object: the alerts of a system are about all of it.
    private func isAsked(_ object: ObjectReference, _ snapshot: Snapshot) -> Bool {
        guard let subject = snapshot.subject, subject.kind != "Namespace" else { return true }
        return object.kind == subject.kind && object.name == subject.name && object.namespace == subject.namespace
    }

    private static func symptom(
        _ alert: Alert,
        _ object: ObjectReference,
        _ directory: ServiceDirectory,
        in snapshot: Snapshot
    ) -> Finding {
        var owner = object
        if let pod = snapshot.pod(object.name, in: object.namespace), object.kind == "Pod" {
            owner = snapshot.owner(of: pod)
        }
        if object.kind == "Service", let service = snapshot.services[object.name, in: object.namespace] {
            owner = directory.workload(of: service) ?? object
        }
        let text =
            alert.annotations["description"] ?? alert.annotations["summary"] ?? alert.annotations["message"] ?? ""
        return Finding(
            causeClass: .alertFiring,
            object: object,
            owner: owner,
            severity: alert.labels["severity"] == "critical" ? .high : .medium,
            message: "the alert \(alert.name) fires" + (text.isEmpty ? "" : ": \(StableText.of(text))"),
            confidence: 0.8,
            isCause: false,
            evidence: [
                EvidenceItem(kind: .object, source: "alert \(alert.name)", object: object, text: StableText.of(text))
            ]
        )
    }

    /// The object that the labels of an alert name, the most special one, if it was seen.
    private static func object(of alert: Alert, in snapshot: Snapshot) -> ObjectReference? {
        let namespace = alert.labels["namespace"] ?? alert.labels["exported_namespace"] ?? ""
        if let name = alert.labels["pod"], let pod = snapshot.pod(name, in: namespace) { return pod.reference }
        for kind in ["Deployment", "StatefulSet", "DaemonSet", "Job"] {
            guard let name = alert.labels[kind.lowercased()] ?? (kind == "Job" ? alert.labels["job_name"] : nil) else {
                continue
            }
            if let workload = snapshot.workload(kind, name, in: namespace) { return workload.reference }
        }
        for label in ["service", "app", "destination_service_name"] {
            if let name = alert.labels[label], let service = snapshot.services[name, in: namespace] {
                return service.reference
            }
        }
        if let name = alert.labels["node"], let node = snapshot.nodes[name] { return node.reference }
        return nil
    }

    private func writeErrors(
        _ alerts: [Alert],
        _ directory: ServiceDirectory,
        in snapshot: Snapshot
    ) -> [Finding] {
        let requests = alerts.filter { $0.labels["method"] != nil && $0.labels["service"] != nil }
        let isOnlyWriting = requests.allSatisfy { alert in
            let text = alert.annotations.values.joined(separator: " ")
            return ["POST", "PUT", "PATCH", "DELETE"].contains(alert.labels["method"] ?? "") && text.contains("500")
        }
        let namespaces = Set(requests.compactMap { $0.labels["namespace"] })
        guard Set(requests.compactMap { $0.labels["service"] }).count > 1, isOnlyWriting, namespaces.count == 1,
            let namespace = namespaces.first, snapshot.pods(in: namespace).allSatisfy(Self.isWell)
        else { return [] }
        // Which of several they use is told only by settings that can be read.
        let kinds: [DatabaseKind] = [.mysql, .postgres, .mongo, .sqlServer, .oracle]
        let databases = kinds.flatMap { directory.databases($0, in: namespace) }
        let uses = Dictionary(
            grouping: AddressUse.all(in: snapshot, directory).compactMap { use in
                directory.workload(of: use.service)
            },
            by: \.self
        ).mapValues(\.count)
        let used = databases.filter { uses[$0.owner, default: 0] > 0 }
        return (used.isEmpty ? databases : used).compactMap { database in
            guard let pod = database.pods.first else { return nil }
            return Finding(
                causeClass: .databaseReadOnly,
                object: pod.reference,
                owner: database.owner,
                severity: .high,
                message: "programs whose pods do well fail in requests that write: the database may accept no writes",
                confidence: databases.count == 1 || used.count == 1 ? 0.45 : 0.35,
                isCause: true,
                evidence: requests.prefix(5).compactMap { alert in
                    Self.object(of: alert, in: snapshot).map {
                        EvidenceItem(
                            kind: .object,
                            source: "alert \(alert.name)",
                            object: $0,
                            text: alert.annotations["description"] ?? alert.name
                        )
                    }
                }
            )
        }
    }

    private static func isWell(_ pod: Pod) -> Bool {
        pod.status.isReady || pod.status.phase == "Succeeded" || pod.metadata.deletionTimestamp != nil
    }
}
