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
}

/// Gateways and their classes that do not serve, in the words of their controller.
struct GatewayAnalyzer: Analyzer {
    func consults(in snapshot: Snapshot) -> [APIResource] {
        snapshot.gateways.items.contains { !$0.conditions.isTrue("Programmed") } ? [GatewayClass.apiResource] : []
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        guard snapshot.isAboutEverything else { return [] }
        let gateways = snapshot.gateways.items.filter { $0.metadata.deletionTimestamp == nil }
        return snapshot.gatewayClasses.items.compactMap { classFinding($0, gateways) }
            + gateways.flatMap { gateway in
                let listeners = gateway.listenerStatuses.compactMap { listenerFinding($0, gateway) }
                return listeners + [gatewayFinding(gateway, listeners, snapshot)].compactMap(\.self)
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
            GatewayClass.apiResource.reference(to: gatewayClass.metadata),
            .gatewayClassNotAccepted,
            isWaiting
                ? "no controller \(gatewayClass.controllerName) has taken it" : "its controller does not accept it",
            accepted,
            confidence: isWaiting ? 0.8 : 0.92,
            related: users.map { Gateway.apiResource.reference(to: $0.metadata) }
        )
    }

    private func gatewayFinding(_ gateway: Gateway, _ listeners: [Finding], _ snapshot: Snapshot) -> Finding? {
        let reference = Gateway.apiResource.reference(to: gateway.metadata)
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
        for (type, causeClass, text) in [
            ("Accepted", CauseClass.gatewayNotAccepted, "its controller does not accept it"),
            ("Programmed", .gatewayNotProgrammed, "it has not been set up"),
        ] {
            guard let condition = gateway.conditions.current(type, of: gateway.metadata), condition.status != .true
            else {
                continue
            }
            // "Pending" is what the API server itself writes before a controller has looked.
            let isWaiting = condition.status == .unknown
            // A listener that cannot serve says more precisely why.
            var finding = Finding(
                reference,
                causeClass,
                isWaiting ? "no controller has looked at it" : text,
                condition,
                confidence: !listeners.isEmpty ? 0.7 : isWaiting ? 0.6 : 0.88
            )
            finding.related = [GatewayClass.apiResource.reference(gateway.className)]
            return finding
        }
        return nil
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
        let reference = Gateway.apiResource.reference(to: gateway.metadata)
        let certificates = gateway.listeners.first { $0.name == listener.name }?.certificates ?? []
        return Finding(
            reference,
            .gatewayListenerInvalid,
            "listener \(listener.name) cannot serve: \(condition.reason)",
            condition,
            confidence: 0.92,
            related: condition.type == "ResolvedRefs"
                ? certificates.map {
                    ObjectReference(
                        kind: $0.kind ?? "Secret",
                        namespace: $0.namespace ?? gateway.metadata.namespace ?? "",
                        name: $0.name
                    )
                } : []
        )
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
        .gatewayListenerInvalid: (
            "Correct the listener",
            "Its conditions say what is wrong: a certificate, a protocol, a host that another has."
        ),
    ]
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
