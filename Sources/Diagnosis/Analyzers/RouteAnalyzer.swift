// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A route wants the traffic of a Gateway or listener that does not exist.
    public static let routeParentNotFound = CauseClass(rawValue: "RouteParentNotFound")
    /// A Gateway does not let a route in.
    public static let routeNotAccepted = CauseClass(rawValue: "RouteNotAccepted")
    /// A route leads to a Service that does not exist.
    public static let routeBackendNotFound = CauseClass(rawValue: "RouteBackendNotFound")
    /// A route leads to a port that its Service does not have.
    public static let routeBackendPortNotFound = CauseClass(rawValue: "RouteBackendPortNotFound")
    /// A route may not lead into another namespace: that one has no ReferenceGrant for it.
    public static let routeReferenceNotPermitted = CauseClass(rawValue: "RouteReferenceNotPermitted")
    /// What a route refers to is of no use to it.
    public static let routeReferencesUnresolved = CauseClass(rawValue: "RouteReferencesUnresolved")
}

/// Routes of the Gateway API that get no traffic, or lead it nowhere.
///
/// What their controller says counts first; where it says nothing, the references are followed.
struct RouteAnalyzer: Analyzer {
    private static let group = "gateway.networking.k8s.io"

    func consults(in snapshot: Snapshot) -> [APIResource] {
        let silent = concerned(snapshot).filter { route in
            route.parentStatuses.isEmpty
                || route.parentStatuses.contains { status in
                    let resolved = status.conditions.current("ResolvedRefs", of: route.metadata)
                    return resolved?.status == .false && Self.causeClass(of: resolved?.reason ?? "") == nil
                }
        }
        let isAbroad = silent.contains { route in route.backends.contains { route.isAbroad($0) } }
        return silent.isEmpty
            ? [] : [Gateway.apiResource, Service.apiResource] + (isAbroad ? [ReferenceGrant.apiResource] : [])
    }

    private func concerned(_ snapshot: Snapshot) -> [Route] {
        snapshot.routes.items.filter { route in
            guard route.metadata.deletionTimestamp == nil else { return false }
            return snapshot.isAboutEverything
                || route.backends.contains {
                    snapshot.leadsToSubject($0.name, in: $0.namespace ?? route.metadata.namespace ?? "")
                }
        }
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        concerned(snapshot).flatMap { route in
            var stated = route.parentStatuses.flatMap { statements($0, route) }
            let saysBackends = stated.contains {
                ![.routeNotAccepted, .routeReferencesUnresolved].contains($0.causeClass)
            }
            let proven = saysBackends ? [] : backends(route, snapshot)
            // A Service or port that is not there says more than that references cannot be followed.
            if !proven.isEmpty { stated.removeAll { $0.causeClass == .routeReferencesUnresolved } }
            return stated + proven + parents(route, snapshot)
        }
    }

    // MARK: What the controller says

    private func statements(_ status: RouteParentStatus, _ route: Route) -> [Finding] {
        var findings: [Finding] = []
        let parent = route.reference(of: status.parent)
        if let accepted = status.conditions.current("Accepted", of: route.metadata), accepted.status == .false {
            findings.append(
                Finding(
                    route.reference,
                    .routeNotAccepted,
                    "\(parent.kind) \(parent.name) does not let it in: \(accepted.reason)",
                    accepted,
                    confidence: 0.9,
                    related: [parent]
                )
            )
        }
        if let resolved = status.conditions.current("ResolvedRefs", of: route.metadata), resolved.status == .false {
            let causeClass = Self.causeClass(of: resolved.reason) ?? .routeReferencesUnresolved
            let text =
                switch causeClass {
                case .routeBackendNotFound: "a Service to which it leads does not exist"
                case .routeBackendPortNotFound: "a Service to which it leads does not have that port"
                case .routeReferenceNotPermitted: "it may not lead into another namespace"
                default: "its references cannot be followed"
                }
            findings.append(
                Finding(
                    route.reference,
                    causeClass,
                    text,
                    resolved,
                    confidence: 0.92,
                    related: route.backends.map { route.reference(of: $0, "Service") }
                )
            )
        }
        return findings
    }

    /// What a reason says; nil for one that leaves open what is wrong.
    private static func causeClass(of reason: String) -> CauseClass? {
        switch reason {
        case "BackendNotFound": .routeBackendNotFound
        case "RefNotPermitted": .routeReferenceNotPermitted
        case "PortNotFound": .routeBackendPortNotFound
        default: nil
        }
    }

    // MARK: Where its references lead

    private func backends(_ route: Route, _ snapshot: Snapshot) -> [Finding] {
        var seen: Set<GatewayReference> = []
        return route.backends.filter { seen.insert($0).inserted }.compactMap { backend in
            guard backend.kind ?? "Service" == "Service", (backend.group ?? "").isEmpty else { return nil }
            let reference = route.reference(of: backend, "Service")
            // A controller that has answered knows better.
            if route.isAbroad(backend), route.parentStatuses.isEmpty,
                snapshot.isGranted(to: reference, of: "", from: route.kind, in: route.metadata.namespace ?? "") == false
            {
                return finding(
                    .routeReferenceNotPermitted,
                    route,
                    "it may not lead to Service \(reference.namespace)/\(backend.name): no ReferenceGrant there permits it",
                    "spec.rules",
                    reference.description,
                    reference
                )
            }
            guard let service = snapshot.services[backend.name, in: reference.namespace] else {
                guard snapshot.services.contains(backend.name, in: reference.namespace) == false else { return nil }
                return finding(
                    .routeBackendNotFound,
                    route,
                    "Service \(backend.name), to which it leads, does not exist",
                    "spec.rules",
                    backend.name,
                    reference
                )
            }
            guard let port = backend.port, service.type != "ExternalName", !service.ports.isEmpty,
                !service.ports.contains(where: { $0.port == port })
            else { return nil }
            return finding(
                .routeBackendPortNotFound,
                route,
                "Service \(backend.name) has no port \(port), to which it leads",
                "spec.rules",
                "\(backend.name):\(port)",
                reference
            )
        }
    }

    private func parents(_ route: Route, _ snapshot: Snapshot) -> [Finding] {
        route.parents.compactMap { parent in
            guard parent.kind ?? "Gateway" == "Gateway", parent.group ?? Self.group == Self.group else { return nil }
            let reference = route.reference(of: parent)
            // A controller that has answered knows better.
            guard !route.parentStatuses.contains(where: { route.reference(of: $0.parent) == reference }) else {
                return nil
            }
            guard let gateway = snapshot.gateways[parent.name, in: reference.namespace] else {
                guard snapshot.gateways.contains(parent.name, in: reference.namespace) == false else { return nil }
                return finding(
                    .routeParentNotFound,
                    route,
                    "Gateway \(parent.name), whose traffic it wants, does not exist",
                    "spec.parentRefs",
                    reference.description,
                    reference
                )
            }
            let listeners = gateway.listeners.filter { listener in
                (parent.sectionName.map { $0 == listener.name } ?? true)
                    && (parent.port.map { $0 == listener.port } ?? true)
            }
            if listeners.isEmpty {
                return finding(
                    .routeParentNotFound,
                    route,
                    "Gateway \(parent.name) has no listener \(parent.sectionName ?? parent.port.map(String.init) ?? "")",
                    "spec.parentRefs",
                    reference.description,
                    reference
                )
            }
            guard !listeners.contains(where: { admits($0, gateway, route, snapshot) }) else { return nil }
            return finding(
                .routeNotAccepted,
                route,
                "no listener of Gateway \(parent.name) lets in routes of namespace \(route.metadata.namespace ?? "")",
                "spec.parentRefs",
                reference.description,
                reference
            )
        }
    }

    private func admits(_ listener: GatewayListener, _ gateway: Gateway, _ route: Route, _ snapshot: Snapshot) -> Bool {
        switch listener.allowedNamespaces ?? "Same" {
        case "Same": return gateway.metadata.namespace == route.metadata.namespace
        case "Selector":
            // It is about the labels of the route's namespace; without them nothing is known.
            guard let selector = listener.allowedNamespaceSelector,
                let namespace = snapshot.namespaces[route.metadata.namespace ?? ""]
            else { return true }
            return selector.matches(namespace.metadata.labels)
        default: return true
        }
    }

    private func finding(
        _ causeClass: CauseClass,
        _ route: Route,
        _ message: String,
        _ path: String,
        _ text: String,
        _ related: ObjectReference
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: route.reference,
            owner: route.reference,
            severity: .high,
            message: message,
            confidence: 0.88,
            isCause: true,
            evidence: [.field(path, of: route.reference, text)],
            related: [related]
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass] else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command:
                    "kubectl -n \(cause.object.namespace) describe \(cause.object.kind.lowercased()) \(cause.object.name)",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .routeParentNotFound: (
            "Name a Gateway and a listener that exist", "Without a namespace in parentRefs it is the route's own."
        ),
        .routeNotAccepted: (
            "Let the listener admit the route, or change its hosts",
            "allowedRoutes of the listener names the namespaces; the hosts of both have to overlap."
        ),
        .routeBackendNotFound: (
            "Create the Service, or correct its name", "Requests for it are answered with status 500."
        ),
        .routeBackendPortNotFound: (
            "Name a port of the Service", "It is the Service's own port, and not that of the pods."
        ),
        .routeReferenceNotPermitted: (
            "Create a ReferenceGrant in the namespace of the Service",
            "It names the kind and namespace that may refer to it."
        ),
        .routeReferencesUnresolved: ("Correct the reference", "The condition ResolvedRefs says which one and why."),
    ]
}

extension Route {
    /// Whether a reference leads into another namespace.
    fileprivate func isAbroad(_ target: GatewayReference) -> Bool {
        target.namespace.map { $0 != metadata.namespace } ?? false
    }

    /// A reference to the route.
    fileprivate var reference: ObjectReference {
        let resource = Route.kinds.first { $0.kind == kind } ?? Route.kinds[0]
        return resource.reference(to: metadata)
    }

    /// What a reference in the route means.
    fileprivate func reference(of target: GatewayReference, _ kind: String = "Gateway") -> ObjectReference {
        ObjectReference(
            kind: target.kind ?? kind,
            namespace: target.namespace ?? metadata.namespace ?? "",
            name: target.name
        )
    }
}
