// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The Service behind an admission webhook does not exist.
    public static let webhookServiceNotFound = CauseClass(rawValue: "WebhookServiceNotFound")
    /// No pod stands behind an admission webhook.
    public static let webhookWithoutPods = CauseClass(rawValue: "WebhookWithoutPods")
    /// The API server does not trust the certificate of an admission webhook.
    public static let webhookCertificateInvalid = CauseClass(rawValue: "WebhookCertificateInvalid")
}

/// Admission webhooks that the API server cannot call.
struct WebhookAnalyzer: Analyzer {
    private struct Entry {
        var configuration: ObjectReference
        var webhook: Webhook
    }

    private static func entries(in snapshot: Snapshot) -> [Entry] {
        func entries(_ resource: APIResource, _ metadata: ObjectMeta, _ webhooks: [Webhook]) -> [Entry] {
            webhooks.map { Entry(configuration: resource.reference(to: metadata), webhook: $0) }
        }
        return snapshot.validatingWebhookConfigurations.items.flatMap {
            entries(ValidatingWebhookConfiguration.apiResource, $0.metadata, $0.webhooks)
        }
            + snapshot.mutatingWebhookConfigurations.items.flatMap {
                entries(MutatingWebhookConfiguration.apiResource, $0.metadata, $0.webhooks)
            }
    }

    func consults(in snapshot: Snapshot) -> [APIResource] {
        Self.complaints(in: snapshot).isEmpty
            ? [] : [ValidatingWebhookConfiguration.apiResource, MutatingWebhookConfiguration.apiResource]
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        let entries = Self.entries(in: snapshot)
        var findings = certificateFindings(entries, snapshot)
        guard snapshot.isAboutEverything, !entries.isEmpty else { return findings }
        let backends = ServiceBackends(snapshot)
        var seen: Set<String> = []
        for entry in entries {
            guard let finding = serviceFinding(entry, backends, snapshot),
                // A configuration often has many webhooks, all at one Service.
                seen.insert("\(finding.causeClass) \(finding.object) \(finding.related)").inserted
            else { continue }
            findings.append(finding)
        }
        return findings
    }

    // MARK: The Service

    private func serviceFinding(_ entry: Entry, _ backends: ServiceBackends, _ snapshot: Snapshot) -> Finding? {
        guard let name = entry.webhook.serviceName, let namespace = entry.webhook.serviceNamespace else { return nil }
        let reference = Service.apiResource.reference(name, in: namespace)
        let isRequired = entry.webhook.failurePolicy == "Fail"
        guard let service = snapshot.services[name, in: namespace] else {
            guard snapshot.services.contains(name, in: namespace) == false else { return nil }
            return cause(
                .webhookServiceNotFound,
                entry,
                "Service \(namespace)/\(name) of webhook \(entry.webhook.name) does not exist"
                    + (isRequired ? ", and nothing that it is asked about is admitted" : ""),
                isRequired ? 0.9 : 0.45,
                reference
            )
        }
        guard !service.selector.isEmpty, snapshot.knowsPods(in: namespace),
            !backends.pods(behind: service).contains(where: \.status.isReady),
            // Why its pods are not well is told by their own findings.
            backends.workloads(behind: service).isEmpty, backends.pods(behind: service).isEmpty
        else { return nil }
        return cause(
            .webhookWithoutPods,
            entry,
            "no pod is behind Service \(namespace)/\(name) of webhook \(entry.webhook.name)"
                + (isRequired ? ", and nothing that it is asked about is admitted" : ""),
            isRequired ? 0.85 : 0.4,
            reference
        )
    }

    private func cause(
        _ causeClass: CauseClass,
        _ entry: Entry,
        _ message: String,
        _ confidence: Double,
        _ service: ObjectReference
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: entry.configuration,
            owner: entry.configuration,
            severity: entry.webhook.failurePolicy == "Fail" ? .critical : .low,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: [
                .field(
                    "webhooks[\(entry.webhook.name)].clientConfig.service",
                    of: entry.configuration,
                    "\(service.namespace)/\(service.name), failurePolicy \(entry.webhook.failurePolicy)"
                )
            ],
            related: [service]
        )
    }

    // MARK: The certificate

    private struct Complaint {
        var webhook: String
        var trouble: String
        var workload: ObjectReference
        var evidence: EvidenceItem
    }

    private static let signs: [(sign: String, trouble: String)] = [
        ("certificate has expired", "has expired, or is not valid yet"),
        ("certificate signed by unknown authority", "is not signed by the authority in caBundle"),
        ("certificate is valid for", "is for another name"),
        ("certificate is not valid for any names", "is for no name"),
        ("doesn't contain any ip sans", "is for another name"),
        ("unable to parse bytes as pem", "cannot be checked: caBundle is not PEM"),
        ("certificate relies on legacy common name", "has its name in the common name only"),
    ]

    /// What the API server says of certificates, quoted by controllers that still lack pods because of it.
    private static func complaints(in snapshot: Snapshot) -> [Complaint] {
        snapshot.workloads.compactMap { workload in
            let isShort = workload.status.conditions.isTrue("ReplicaFailure") || workload.isShortOfReadyPods
            guard isShort, workload.metadata.deletionTimestamp == nil else { return nil }
            let reference = workload.reference
            let event = snapshot.events(about: reference).first { $0.reason == "FailedCreate" }
            let condition = workload.status.conditions["ReplicaFailure"].flatMap { $0.status == .true ? $0 : nil }
            guard let text = condition.map(\.message) ?? event?.message,
                let webhook = text.quoted(after: "failed calling webhook ")
            else { return nil }
            let lowered = text.lowercased()
            guard let sign = signs.first(where: { lowered.contains($0.sign) }) else { return nil }
            return Complaint(
                webhook: webhook,
                trouble: sign.trouble,
                workload: snapshot.owner(of: workload.metadata, kind: workload.kind, apiVersion: reference.apiVersion),
                evidence: condition.map { _ in .field("status.conditions[ReplicaFailure]", of: reference, text) }
                    ?? event.map { .event($0, about: reference) } ?? .field("status", of: reference, text)
            )
        }
    }

    private func certificateFindings(_ entries: [Entry], _ snapshot: Snapshot) -> [Finding] {
        var seen: Set<String> = []
        return Self.complaints(in: snapshot).filter { seen.insert($0.webhook).inserted }.map { complaint in
            let entry = entries.first { $0.webhook.name == complaint.webhook }
            return Finding(
                causeClass: .webhookCertificateInvalid,
                object: complaint.workload,
                owner: entry?.configuration ?? complaint.workload,
                severity: .critical,
                message: "the certificate of admission webhook \(complaint.webhook) \(complaint.trouble)",
                confidence: 0.96,
                isCause: true,
                evidence: [complaint.evidence],
                related: [complaint.workload]
            )
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass] else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .webhookServiceNotFound: (
            "Install the webhook's program again, or delete the configuration",
            "A configuration that outlives its program refuses whatever it is asked about."
        ),
        .webhookWithoutPods: (
            "Bring the webhook's pods back, or delete the configuration",
            "A configuration that outlives its program refuses whatever it is asked about."
        ),
        .webhookCertificateInvalid: (
            "Renew the webhook's certificate, and set caBundle to its authority",
            "Who issues it, such as cert-manager or the program itself, usually does both."
        ),
    ]
}
