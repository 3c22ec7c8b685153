// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A gateway sends the requests for a program to a wrong place.
    public static let gatewayRouteInvalid = CauseClass(rawValue: "GatewayRouteInvalid")
}

/// Routes of API gateways that lead astray, in the files of ConfigMaps.
///
/// A route is wrong if its target is no Service. It also is if the file names its targets after its paths throughout,
/// and one path that is named after an existing Service leads to another one, while nothing leads to the first.
struct GatewayRouteAnalyzer: Analyzer {
    let detections = [
        Detection(
            .gatewayRouteInvalid,
            kinds: ["Workload"],
            proof: "A gateway's ConfigMap sends a path to a Service that does not exist, or to another one than the "
                + "path is named after while nothing leads to that one; or the gateway's log says that it finds no "
                + "server.",
            remedy: "Correct the target of the route in the gateway's configuration."
        )
    ]

    /// The most files that are read.
    private static let maximumFiles = 200
    /// From how many routes on their names are taken for a habit.
    private static let habit = 4

    func consults(in snapshot: Snapshot) -> [APIResource] {
        // Only programs with a file of routes are gateways, and only the alerts say that one does badly.
        snapshot.alerts.isEmpty ? [] : [ConfigMap.apiResource, Service.apiResource]
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        let directory = ServiceDirectory(snapshot)
        let misses = snapshot.complaints.filter { $0.sign == .noUpstream && $0.name != nil }
        var found: [Finding] = []
        var explained: Set<String> = []
        for map in snapshot.configMaps.items.prefix(Self.maximumFiles) {
            let users = Self.users(of: map, in: snapshot)
            guard let user = users.first else { continue }
            for (file, text) in map.data.sorted(by: { $0.key < $1.key }) {
                let routes = GatewayRoutes(text, variables: Self.variables(of: user)).routes
                guard routes.count > 1 else { continue }
                let table = Table(routes: routes, file: file, map: map, gateway: user, directory, snapshot)
                let findings = table.findings(misses)
                explained.formUnion(findings.flatMap { $0.evidence.map(\.text) })
                found += findings
            }
        }
        // A gateway whose file is not known still says what it looks for.
        let ownMisses = snapshot.ownComplaints.filter { $0.sign == .noUpstream && $0.name != nil }
        found += ownMisses.filter { !explained.contains($0.evidence.text) }.compactMap { miss in
            let namespace = miss.container.pod.metadata.namespace ?? ""
            guard case .missing(let place, let name) = directory.meaning(of: miss.name ?? "", in: namespace) else {
                return nil
            }
            return snapshot.finding(
                .gatewayRouteInvalid,
                miss,
                confidence: 0.65,
                message: "\(miss.container.title) sends requests to \(miss.name ?? ""), which does not exist",
                related: [ObjectReference(apiVersion: "v1", kind: "Service", namespace: place, name: name)]
            )
        }
        return found
    }

    /// The pods that have a ConfigMap as a volume, or are given it as variables.
    private static func users(of map: ConfigMap, in snapshot: Snapshot) -> [Pod] {
        let name = map.metadata.name
        return snapshot.pods(in: map.metadata.namespace ?? "").filter { pod in
            pod.spec.volumes.contains { volume in
                volume.configMap?.objectName == name
                    || volume.projected.contains { $0.configMap?.objectName == name }
            }
                || pod.spec.containers.contains { container in
                    container.environmentSources.contains { $0.configMap?.name == name }
                        || container.environment.contains { $0.configMapKey?.name == name }
                }
        }
    }

    private static func variables(of pod: Pod) -> [String: String] {
        var variables: [String: String] = [:]
        for variable in pod.spec.containers.flatMap(\.environment) { variables[variable.name] = variable.value }
        return variables
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .gatewayRouteInvalid else { return [] }
        return [
            Recommendation(
                title: "Correct the route in the gateway's configuration",
                description: "The gateway may have to be restarted to read its file again.",
                command: "kubectl -n \(cause.object.namespace) get configmaps",
                risk: .none
            )
        ]
    }
}

extension GatewayRouteAnalyzer {
    /// The routes of one file, and what is wrong with them.
    private struct Table {
        let routes: [GatewayRoutes.Route]
        let file: String
        let map: ConfigMap
        let gateway: Pod
        let directory: ServiceDirectory
        let snapshot: Snapshot
        private let namespace: String
        /// What the names of many programs of the namespace have in common, which tells none of them apart.
        private let common: Set<String>

        init(
            routes: [GatewayRoutes.Route],
            file: String,
            map: ConfigMap,
            gateway: Pod,
            _ directory: ServiceDirectory,
            _ snapshot: Snapshot
        ) {
            (self.routes, self.file, self.map, self.gateway) = (routes, file, map, gateway)
            (self.directory, self.snapshot) = (directory, snapshot)
            namespace = map.metadata.namespace ?? ""
            let names = snapshot.services.items(in: namespace).map { Set(Self.words(of: $0.metadata.name)) }
            var counts: [String: Int] = [:]
            for word in names.joined() { counts[word, default: 0] += 1 }
            common = Self.everywhere.union(counts.filter { $0.value * 3 > max(names.count, 6) }.keys)
        }

        func findings(_ misses: [Complaint]) -> [Finding] {
            let targets = Set(routes.compactMap { directory.service($0.target.host, from: namespace)?.metadata.name })
            let isHabit = followsHabit
            return routes.compactMap { route in
                switch directory.meaning(of: route.target.host, in: namespace) {
                case .missing(let place, let name):
                    let miss = misses.first { $0.name == route.target.host }
                    let related = ObjectReference(apiVersion: "v1", kind: "Service", namespace: place, name: name)
                    let meant = meantService(route, besides: targets)
                    let alert = alert(meant)
                    return finding(
                        route,
                        meant,
                        miss,
                        alert,
                        // Programs that are not installed leave such routes behind, which nobody uses.
                        confidence: miss != nil ? 0.92 : alert != nil ? 0.8 : 0.3,
                        message: "which does not exist",
                        related
                    )
                case .service(let service):
                    guard isHabit, let meant = meantService(route, besides: targets),
                        meant.metadata.name != service.metadata.name
                    else { return nil }
                    let alert = alert(meant)
                    return finding(
                        route,
                        meant,
                        nil,
                        alert,
                        confidence: alert == nil ? 0.7 : 0.9,
                        message: "and no route leads to Service \(meant.metadata.name)",
                        service.reference
                    )
                case .unknown: return nil
                }
            }
        }

        private func finding(
            _ route: GatewayRoutes.Route,
            _ meant: Service?,
            _ miss: Complaint?,
            _ alert: EvidenceItem?,
            confidence: Double,
            message: String,
            _ related: ObjectReference
        ) -> Finding {
            let gateway = snapshot.owner(of: gateway)
            let owner = meant.flatMap { directory.workload(of: $0) ?? $0.reference }
            return Finding(
                causeClass: .gatewayRouteInvalid,
                object: self.gateway.reference,
                owner: owner ?? gateway,
                severity: .high,
                message: "the gateway \(gateway.name) sends \(route.path) to \(route.target.description), \(message)",
                confidence: confidence,
                isCause: true,
                evidence: [
                    .field("data[\(file)]", of: map.reference, "\(route.path) → \(route.target.description)")
                ] + [miss?.evidence, alert].compactMap(\.self),
                related: [map.reference, gateway, related]
            )
        }

        /// The Service that a path is named after and that no route leads to.
        private func meantService(_ route: GatewayRoutes.Route, besides targets: Set<String>) -> Service? {
            let candidates = snapshot.services.items(in: namespace).filter { !targets.contains($0.metadata.name) }
            let fitting = candidates.filter { fits(route, $0.metadata.name) }
            return fitting.count == 1 ? fitting[0] : nil
        }

        /// Whether nearly all routes lead to a Service that their path or name is named after.
        private var followsHabit: Bool {
            let known = routes.filter { directory.service($0.target.host, from: namespace) != nil }
            let named = known.filter { fits($0, $0.target.host.prefix { $0 != "." }.lowercased()) }
            return named.count >= GatewayRouteAnalyzer.habit && named.count * 4 >= known.count * 3
        }

        private static let everywhere: Set<String> = ["service", "svc", "api", "app", "server", "backend", "v1", "v2"]

        /// Whether a route's name or the words of its path are those of a Service.
        func fits(_ route: GatewayRoutes.Route, _ service: String) -> Bool {
            let own = Self.words(of: service).filter { !common.contains($0) }
            guard !own.isEmpty else { return false }
            if !route.name.isEmpty, Self.words(of: route.name).filter({ !common.contains($0) }) == own { return true }
            let whole = own.joined()
            return route.path.split(separator: "/").contains { segment in
                let text = segment.lowercased().filter { $0.isLetter || $0.isNumber }
                return text == whole || text == whole + "service" || text == whole + "s" || text == whole + "api"
            }
        }

        private static func words(of name: String) -> [String] {
            name.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
        }

        /// An alert that requests for a Service fail.
        private func alert(_ service: Service?) -> EvidenceItem? {
            guard let service else { return nil }
            let name = service.metadata.name
            let alert = snapshot.alerts.first { alert in
                (alert.labels["namespace"] ?? namespace) == namespace
                    && ["service", "app", "destination", "destination_service_name"].contains {
                        alert.labels[$0] == name
                    }
            }
            return alert.map {
                EvidenceItem(
                    kind: .object,
                    source: "alert \($0.name)",
                    object: service.reference,
                    text: $0.annotations["description"] ?? $0.annotations["summary"] ?? $0.name
                )
            }
        }
    }
}
