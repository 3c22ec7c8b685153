// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// An Ingress names a class that does not exist, so that no controller takes it.
    public static let ingressClassNotFound = CauseClass(rawValue: "IngressClassNotFound")
    /// An Ingress names no class, and there is no default one.
    public static let ingressClassMissing = CauseClass(rawValue: "IngressClassMissing")
    /// An Ingress leads to a Service that does not exist.
    public static let ingressBackendNotFound = CauseClass(rawValue: "IngressBackendNotFound")
    /// An Ingress leads to a port that its Service does not have.
    public static let ingressBackendPortNotFound = CauseClass(rawValue: "IngressBackendPortNotFound")
    /// The Secret with an Ingress's certificate does not exist.
    public static let ingressTLSSecretNotFound = CauseClass(rawValue: "IngressTLSSecretNotFound")
    /// The controller of an Ingress refuses it.
    public static let ingressRejected = CauseClass(rawValue: "IngressRejected")
}

/// Ingresses whose references lead nowhere.
struct IngressAnalyzer: Analyzer {
    func consults(in snapshot: Snapshot) -> [APIResource] {
        concerned(snapshot).contains { $0.className != nil && $0.loadBalancerIngress.isEmpty }
            ? [IngressClass.apiResource] : []
    }

    /// The Ingresses that lead to what the question is about.
    private func concerned(_ snapshot: Snapshot) -> [Ingress] {
        let ingresses = snapshot.ingresses.items.filter { $0.metadata.deletionTimestamp == nil }
        guard !snapshot.isAboutEverything else { return ingresses }
        return ingresses.filter { ingress in
            ingress.backends.contains { backend in
                guard let name = backend.serviceName else { return false }
                return snapshot.leadsToSubject(name, in: ingress.metadata.namespace ?? "")
            }
        }
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        concerned(snapshot).flatMap { ingress in
            [classFinding(ingress, snapshot), rejection(ingress, snapshot)].compactMap(\.self)
                + backendFindings(ingress, snapshot) + secretFindings(ingress, snapshot)
        }
    }

    // MARK: Class

    /// Classes that their controller knows without an object.
    private static let builtIn: Set<String> = ["gce", "gce-internal"]

    private func classFinding(_ ingress: Ingress, _ snapshot: Snapshot) -> Finding? {
        // An address says that some controller has taken it.
        guard ingress.loadBalancerIngress.isEmpty else { return nil }
        if let name = ingress.className {
            guard !Self.builtIn.contains(name), snapshot.ingressClasses.contains(name) == false else { return nil }
            return cause(
                .ingressClassNotFound,
                ingress,
                "IngressClass \(name), which it names, does not exist, and no controller takes it",
                0.92,
                "spec.ingressClassName",
                name,
                [IngressClass.apiResource.reference(name)]
            )
        }
        guard ingress.metadata.annotations["kubernetes.io/ingress.class"] == nil,
            snapshot.ingressClasses.isComplete(), !snapshot.ingressClasses.items.contains(where: \.isDefault)
        else { return nil }
        // Some controllers take what has no class.
        return cause(
            .ingressClassMissing,
            ingress,
            "it names no class, and no IngressClass is the default",
            0.45,
            "spec.ingressClassName",
            "not set",
            [],
            .medium
        )
    }

    // MARK: Backends

    private func backendFindings(_ ingress: Ingress, _ snapshot: Snapshot) -> [Finding] {
        var seen: Set<IngressBackend> = []
        return ingress.backends.filter { seen.insert($0).inserted }.compactMap { backend in
            guard let name = backend.serviceName else { return nil }
            let namespace = ingress.metadata.namespace ?? ""
            let reference = Service.apiResource.reference(name, in: namespace)
            guard let service = snapshot.services[name, in: namespace] else {
                guard snapshot.exists(reference) == false else { return nil }
                return cause(
                    .ingressBackendNotFound,
                    ingress,
                    "Service \(name), to which it leads, does not exist",
                    0.92,
                    "spec.rules",
                    "backend \(name)",
                    [reference]
                )
            }
            guard service.type != "ExternalName", !service.ports.isEmpty else { return nil }
            let hasPort = service.ports.contains { port in
                backend.portName.map { port.name == $0 } ?? backend.portNumber.map { port.port == $0 } ?? true
            }
            guard !hasPort else { return nil }
            let wanted = backend.portName ?? backend.portNumber.map(String.init) ?? ""
            return cause(
                .ingressBackendPortNotFound,
                ingress,
                "Service \(name) has no port \(wanted), to which it leads",
                0.92,
                "spec.rules",
                "backend \(name):\(wanted); the Service has \(service.ports.map { String($0.port) }.joined(separator: ", "))",
                [reference]
            )
        }
    }

    // MARK: Certificates

    private func secretFindings(_ ingress: Ingress, _ snapshot: Snapshot) -> [Finding] {
        let namespace = ingress.metadata.namespace ?? ""
        return Set(ingress.tls.compactMap(\.secretName)).sorted().compactMap { name in
            let reference = Secret.apiResource.reference(name, in: namespace)
            guard !name.isEmpty, snapshot.exists(reference) == false else { return nil }
            let isIssued = ingress.metadata.annotations.keys.contains { $0.contains("cert-manager.io/") }
            return cause(
                .ingressTLSSecretNotFound,
                ingress,
                "Secret \(name), which is to hold its certificate, does not exist"
                    + (isIssued ? " yet: cert-manager is to make it" : ""),
                isIssued ? 0.6 : 0.75,
                "spec.tls",
                name,
                [reference],
                .medium
            )
        }
    }

    // MARK: The controller

    private static let refusals: Set<String> = [
        "Rejected", "FailedBuildModel", "FailedDeployModel", "AddedOrUpdatedWithError", "Translate", "BackendNotFound",
    ]

    private func rejection(_ ingress: Ingress, _ snapshot: Snapshot) -> Finding? {
        // What the controller has said last counts: later successes are Normal events.
        let event = snapshot.events(about: ingress.reference).first
        guard let event, event.type == "Warning", Self.refusals.contains(event.reason) else { return nil }
        var finding = cause(
            .ingressRejected,
            ingress,
            "its controller refuses it: \(StableText.of(event.message, about: ingress.metadata.name))",
            0.8,
            "",
            "",
            []
        )
        finding.evidence = [.event(event, about: finding.object)]
        return finding
    }

    private func cause(
        _ causeClass: CauseClass,
        _ ingress: Ingress,
        _ message: String,
        _ confidence: Double,
        _ path: String,
        _ text: String,
        _ related: [ObjectReference],
        _ severity: Severity = .high
    ) -> Finding {
        let reference = ingress.reference
        return Finding(
            causeClass: causeClass,
            object: reference,
            owner: reference,
            severity: severity,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: [.field(path, of: reference, text)],
            related: related
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass] else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl -n \(cause.object.namespace) describe ingress \(cause.object.name)",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .ingressClassNotFound: (
            "Name a class that exists, or install the controller",
            "`kubectl get ingressclasses` lists those that there are."
        ),
        .ingressClassMissing: ("Set spec.ingressClassName", "Without it only some controllers take an Ingress."),
        .ingressBackendNotFound: (
            "Create the Service, or correct its name", "An Ingress leads to Services of its own namespace only."
        ),
        .ingressBackendPortNotFound: (
            "Name a port of the Service", "It is the Service's own port, by number or name, and not that of the pods."
        ),
        .ingressTLSSecretNotFound: (
            "Create the Secret, or correct its name", "Most controllers serve a certificate of their own until then."
        ),
        .ingressRejected: ("Correct what the controller objects to", "Its events quote it."),
    ]
}

extension Snapshot {
    /// Whether a Service of a name stands before what the question is about, or would if it existed.
    func leadsToSubject(_ service: String, in namespace: String) -> Bool {
        guard !isAboutEverything else { return true }
        guard let service = services[service, in: namespace] else {
            return workloads.contains { Similarity.ofNames(service, $0.metadata.name) >= 0.5 }
        }
        return workloads.contains { service.selects($0.templateLabels) }
            || pods.contains { service.selects($0.metadata.labels) }
    }
}
