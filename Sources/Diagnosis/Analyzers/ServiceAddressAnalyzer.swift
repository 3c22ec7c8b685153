// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// Nobody provides the load balancer that a Service asks for.
    public static let loadBalancerPending = CauseClass(rawValue: "LoadBalancerPending")
    /// Two Services have one address or node port.
    public static let serviceAddressConflict = CauseClass(rawValue: "ServiceAddressConflict")
    /// A Service stands for a name of the cluster that does not exist, or for what is no name.
    public static let serviceExternalNameInvalid = CauseClass(rawValue: "ServiceExternalNameInvalid")
}

/// Services whose own address, or the name that they stand for, is of no use.
struct ServiceAddressAnalyzer: Analyzer {
    /// How long a cloud may take to make a load balancer.
    private static let patience = Duration.seconds(300)

    func findings(in snapshot: Snapshot) -> [Finding] {
        let services = snapshot.services.items.filter { service in
            service.metadata.deletionTimestamp == nil
                && snapshot.leadsToSubject(service.metadata.name, in: service.metadata.namespace ?? "")
        }
        return services.compactMap {
            balancer($0, snapshot) ?? externalName($0, snapshot) ?? refusedAddress($0, snapshot)
        }
            + (snapshot.isAboutEverything ? sharedAddresses(services) : [])
    }

    private func balancer(_ service: Service, _ snapshot: Snapshot) -> Finding? {
        guard service.type == "LoadBalancer", service.loadBalancerIngress.isEmpty,
            let created = service.metadata.creationTimestamp, snapshot.takenAt.since(created) > Self.patience
        else { return nil }
        // Its newest word counts: a success later on is a Normal event.
        let event = snapshot.events(about: service.reference).first {
            ["SyncLoadBalancerFailed", "CreatingLoadBalancerFailed", "AllocationFailed", "EnsuredLoadBalancer"]
                .contains($0.reason)
        }
        let failure = event.flatMap { $0.type == "Warning" ? $0 : nil }
        return cause(
            .loadBalancerPending,
            service,
            failure.map {
                "its load balancer cannot be made: \(StableText.of($0.message, about: service.metadata.name))"
            }
                ?? "it has no load balancer yet, and nobody says why; does the cluster have a controller for them?",
            // On clusters without such a controller its other addresses serve all the same.
            failure == nil ? 0.4 : 0.85,
            failure.map { .event($0, about: service.reference) }
                ?? .field("status.loadBalancer", of: service.reference, "no address")
        )
    }

    private func externalName(_ service: Service, _ snapshot: Snapshot) -> Finding? {
        guard service.type == "ExternalName", let name = service.externalName, !name.isEmpty else { return nil }
        let parts = name.split(separator: ".")
        let evidence = EvidenceItem.field("spec.externalName", of: service.reference, name)
        if parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) {
            let message = "it stands for \(name), which is an address and no name, and no resolver follows it"
            return cause(.serviceExternalNameInvalid, service, message, 0.75, evidence)
        }
        guard parts.count >= 3, parts[2] == "svc",
            snapshot.services.contains(String(parts[0]), in: String(parts[1])) == false
        else { return nil }
        let target = Service.apiResource.reference(String(parts[0]), in: String(parts[1]))
        var finding = cause(
            .serviceExternalNameInvalid,
            service,
            "it stands for Service \(parts[0]) of namespace \(parts[1]), which does not exist",
            0.85,
            evidence
        )
        finding.related = [target]
        return finding
    }

    private static let refusals: Set<String> = [
        "ClusterIPAlreadyAllocated", "ClusterIPOutOfRange", "ClusterIPNotAllocated", "PortAlreadyAllocated",
        "PortOutOfRange",
    ]

    private func refusedAddress(_ service: Service, _ snapshot: Snapshot) -> Finding? {
        // The API server checks its allocations all the time and says it again while it lasts.
        let event = snapshot.events(about: service.reference).first { Self.refusals.contains($0.reason) }
        guard let event, event.lastSeen.map({ snapshot.takenAt.since($0) < .seconds(900) }) ?? false else { return nil }
        let message = "its address or port is not its own: \(event.reason)"
        return cause(.serviceAddressConflict, service, message, 0.85, .event(event, about: service.reference))
    }

    private func sharedAddresses(_ services: [Service]) -> [Finding] {
        var holders: [String: Service] = [:]
        return services.compactMap { service in
            guard service.type != "ExternalName", let address = service.clusterIP, !address.isEmpty, address != "None"
            else {
                return nil
            }
            guard let holder = holders[address] else {
                holders[address] = service
                return nil
            }
            var finding = cause(
                .serviceAddressConflict,
                service,
                "it has the cluster address of \(holder.reference)",
                0.9,
                .field("spec.clusterIP", of: service.reference, address)
            )
            finding.related = [holder.reference]
            return finding
        }
    }

    private func cause(
        _ causeClass: CauseClass,
        _ service: Service,
        _ message: String,
        _ confidence: Double,
        _ evidence: EvidenceItem
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: service.reference,
            owner: service.reference,
            severity: causeClass == .loadBalancerPending ? .medium : .high,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: [evidence]
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass] else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl -n \(cause.object.namespace) describe service \(cause.object.name)",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .loadBalancerPending: (
            "Look at the controller for load balancers",
            "The cloud's controller, or one such as MetalLB, gives the address."
        ),
        .serviceAddressConflict: (
            "Make one of the Services anew",
            "A Service that is made without a fixed address or node port gets a free one."
        ),
        .serviceExternalNameInvalid: (
            "Correct spec.externalName", "For a fixed address use a Service without selector and an EndpointSlice."
        ),
    ]
}
