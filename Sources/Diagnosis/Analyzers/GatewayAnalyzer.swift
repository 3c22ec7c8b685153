// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A Gateway names a class that does not exist.
    public static let gatewayClassNotFound = CauseClass(rawValue: "GatewayClassNotFound")
    /// No controller has accepted a GatewayClass.
    public static let gatewayClassNotAccepted = CauseClass(rawValue: "GatewayClassNotAccepted")
    /// The controller does not accept a Gateway.
    public static let gatewayNotAccepted = CauseClass(rawValue: "GatewayNotAccepted")
    /// What a Gateway describes has not been set up.
    public static let gatewayNotProgrammed = CauseClass(rawValue: "GatewayNotProgrammed")
    /// A listener of a Gateway cannot serve.
    public static let gatewayListenerInvalid = CauseClass(rawValue: "GatewayListenerInvalid")
    /// A Gateway may not use a certificate of another namespace: that one has no ReferenceGrant for it.
    public static let gatewayReferenceNotPermitted = CauseClass(rawValue: "GatewayReferenceNotPermitted")
}

/// Gateways and their classes that do not serve, in the words of their controller.
struct GatewayAnalyzer: Analyzer {
    func consults(in snapshot: Snapshot) -> [APIResource] {
        let waiting = snapshot.gateways.items.filter { !$0.conditions.isTrue("Programmed") }
        let isAbroad = waiting.contains { gateway in gateway.unansweredCertificates.contains(where: gateway.isAbroad) }
        return waiting.isEmpty
            ? [] : [GatewayClass.apiResource] + (isAbroad ? [ReferenceGrant.apiResource] : [])
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        guard snapshot.isAboutEverything else { return [] }
        let gateways = snapshot.gateways.items.filter { $0.metadata.deletionTimestamp == nil }
        return snapshot.gatewayClasses.items.compactMap { classFinding($0, gateways) }
            + gateways.flatMap { gateway in
                let listeners = gateway.listenerStatuses.compactMap { listenerFinding($0, gateway) }
                return listeners + forbiddenCertificates(gateway, snapshot)
                    + [gatewayFinding(gateway, listeners, snapshot)].compactMap(\.self)
            }
    }

    private func classFinding(_ gatewayClass: GatewayClass, _ gateways: [Gateway]) -> Finding? {
        let users = gateways.filter { $0.className == gatewayClass.metadata.name }
        // A class that nobody uses, of a controller that is not there, does no harm.
        guard !users.isEmpty,
            let accepted = gatewayClass.conditions.current("Accepted", of: gatewayClass.metadata),
            accepted.status != .true
        else { return nil }
        let isWaiting = accepted.status == .unknown
        return Finding(
            gatewayClass.reference,
            .gatewayClassNotAccepted,
            isWaiting
                ? "no controller \(gatewayClass.controllerName) has taken it" : "its controller does not accept it",
            accepted,
            confidence: isWaiting ? 0.8 : 0.92,
            related: users.map { $0.reference }
        )
    }

    private func gatewayFinding(_ gateway: Gateway, _ listeners: [Finding], _ snapshot: Snapshot) -> Finding? {
        let reference = gateway.reference
        let isMissing = snapshot.gatewayClasses.contains(gateway.className) == false
        if isMissing, !gateway.conditions.isTrue("Programmed") {
            return Finding(
                causeClass: .gatewayClassNotFound,
                object: reference,
                owner: reference,
                severity: .high,
                message: "GatewayClass \(gateway.className), which it names, does not exist",
                confidence: 0.93,
                isCause: true,
                evidence: [.field("spec.gatewayClassName", of: reference, gateway.className)],
                related: [GatewayClass.apiResource.reference(gateway.className)]
            )
        }
        // A listener that cannot serve says more precisely why.
        return finding(
            gateway,
            "Accepted",
            .gatewayNotAccepted,
            "its controller does not accept it",
            !listeners.isEmpty
        )
            ?? finding(gateway, "Programmed", .gatewayNotProgrammed, "it has not been set up", !listeners.isEmpty)
    }

    private func finding(
        _ gateway: Gateway,
        _ type: String,
        _ causeClass: CauseClass,
        _ text: String,
        _ isToldBetter: Bool
    ) -> Finding? {
        guard let condition = gateway.conditions.current(type, of: gateway.metadata), condition.status != .true else {
            return nil
        }
        // "Pending" is what the API server itself writes before a controller has looked.
        let isWaiting = condition.status == .unknown
        return Finding(
            gateway.reference,
            causeClass,
            isWaiting ? "no controller has looked at it" : text,
            condition,
            confidence: isToldBetter ? 0.7 : isWaiting ? 0.6 : 0.88,
            related: [GatewayClass.apiResource.reference(gateway.className)]
        )
    }

    private func listenerFinding(_ listener: GatewayListenerStatus, _ gateway: Gateway) -> Finding? {
        let bad = ["ResolvedRefs", "Accepted", "Programmed"].compactMap { type in
            listener.conditions.current(type, of: gateway.metadata).flatMap { $0.status == .false ? $0 : nil }
        }
        let conflicted = listener.conditions.current("Conflicted", of: gateway.metadata)
        guard let condition = conflicted.flatMap({ $0.status == .true ? $0 : nil }) ?? bad.first,
            // It says only that it waits for the Gateway as a whole.
            !(condition.type == "Programmed" && ["Pending", "Invalid"].contains(condition.reason) && bad.count == 1)
        else { return nil }
        let reference = gateway.reference
        let certificates = gateway.listeners.first { $0.name == listener.name }?.certificates ?? []
        let isForbidden = condition.type == "ResolvedRefs" && condition.reason == "RefNotPermitted"
        return Finding(
            reference,
            isForbidden ? .gatewayReferenceNotPermitted : .gatewayListenerInvalid,
            "listener \(listener.name) cannot serve: \(condition.reason)",
            condition,
            confidence: 0.92,
            related: condition.type == "ResolvedRefs" ? certificates.map { gateway.reference(of: $0) } : []
        )
    }

    /// Certificates of other namespaces that nobody permits, while the controller says nothing about their listener.
    private func forbiddenCertificates(_ gateway: Gateway, _ snapshot: Snapshot) -> [Finding] {
        let (kind, namespace) = (Gateway.apiResource.kind, gateway.metadata.namespace ?? "")
        return gateway.unansweredCertificates.filter(gateway.isAbroad).compactMap { certificate in
            let secret = gateway.reference(of: certificate)
            guard
                snapshot.isGranted(to: secret, of: certificate.group ?? "", from: kind, in: namespace) == false
            else { return nil }
            return Finding(
                causeClass: .gatewayReferenceNotPermitted,
                object: gateway.reference,
                owner: gateway.reference,
                severity: .high,
                message: "it may not use \(secret.kind) \(secret.namespace)/\(secret.name): no ReferenceGrant there "
                    + "permits it",
                confidence: 0.85,
                isCause: true,
                evidence: [
                    .field("spec.listeners[].tls.certificateRefs", of: gateway.reference, secret.description)
                ],
                related: [secret]
            )
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass] else { return [] }
        let place = cause.object.namespace.isEmpty ? "" : "-n \(cause.object.namespace) "
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl \(place)describe \(cause.object.kind.lowercased()) \(cause.object.name)",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .gatewayClassNotFound: (
            "Name a class that exists, or install the controller",
            "`kubectl get gatewayclasses` lists those that there are."
        ),
        .gatewayClassNotAccepted: (
            "Look at the controller of the class",
            "Does it run, and does it serve this controller name and these parameters?"
        ),
        .gatewayNotAccepted: ("Correct what the controller objects to", "The condition Accepted quotes it."),
        .gatewayNotProgrammed: (
            "Look at the controller and at what it is to set up", "The condition Programmed says what is missing."
        ),
        .gatewayReferenceNotPermitted: (
            "Create a ReferenceGrant in the namespace of the Secret",
            "It names the kind Gateway and the Gateway's namespace as from, and the kind Secret as to."
        ),
        .gatewayListenerInvalid: (
            "Correct the listener",
            "Its conditions say what is wrong: a certificate, a protocol, a host that another has."
        ),
    ]
}

extension Gateway {
    /// The certificates of listeners about which the controller has said nothing yet.
    fileprivate var unansweredCertificates: [GatewayReference] {
        listeners.filter { listener in
            !listenerStatuses.contains { $0.name == listener.name && $0.conditions["ResolvedRefs"] != nil }
        }.flatMap(\.certificates)
    }

    /// Whether a reference leads into another namespace.
    fileprivate func isAbroad(_ certificate: GatewayReference) -> Bool {
        certificate.namespace.map { $0 != metadata.namespace } ?? false
    }

    /// What a reference to a certificate means.
    fileprivate func reference(of certificate: GatewayReference) -> ObjectReference {
        ObjectReference(
            kind: certificate.kind ?? "Secret",
            namespace: certificate.namespace ?? metadata.namespace ?? "",
            name: certificate.name
        )
    }
}

extension [Condition] {
    /// A condition that was observed of the present spec; nil if it is of an earlier one.
    func current(_ type: String, of metadata: ObjectMeta) -> Condition? {
        guard let condition = self[type] else { return nil }
        if let observed = condition.observedGeneration, let generation = metadata.generation, observed < generation {
            return nil
        }
        return condition
    }
}

extension Finding {
    /// A cause that a controller states in a condition of the object itself.
    init(
        _ object: ObjectReference,
        _ causeClass: CauseClass,
        _ message: String,
        _ condition: Condition,
        confidence: Double,
        severity: Severity = .high,
        related: [ObjectReference] = []
    ) {
        let reason = condition.message.isEmpty ? condition.reason : StableText.of(condition.message)
        self.init(
            causeClass: causeClass,
            object: object,
            owner: object,
            severity: severity,
            message: message + (reason.isEmpty || message.hasSuffix(reason) ? "" : ": \(reason)"),
            confidence: confidence,
            isCause: true,
            evidence: [
                .field(
                    "status.conditions[\(condition.type)]",
                    of: object,
                    "\(condition.status.rawValue), \(condition.reason)"
                        + (condition.message.isEmpty ? "" : ": \(condition.message)")
                )
            ],
            related: related
        )
    }
}
