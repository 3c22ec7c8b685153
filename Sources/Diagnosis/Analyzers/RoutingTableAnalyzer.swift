// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A gateway sends the requests for an app to another place.
    public static let gatewayRouteInvalid = CauseClass(rawValue: "GatewayRouteInvalid")
}

/// Routes in the configuration of a gateway that runs in the cluster, and that lead astray.
///
/// A table of routes shows its own rule: most routes bear the name of the app that they lead to. The one that bears the
/// name of an app to which no route leads, and goes to another one or to a host that does not exist, is wrong.
struct RoutingTableAnalyzer: Analyzer {
    /// The fewest routes that show a rule.
    private static let minimumEntries = 4

    func consults(in snapshot: Snapshot) -> [APIResource] {
        // The configuration of all apps is much to read; a complaint about requests is a reason to.
        snapshot.alerts.isEmpty ? [] : [ConfigMap.apiResource]
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.configMaps.items.flatMap { configMap -> [Finding] in
            let namespace = configMap.metadata.namespace ?? ""
            guard snapshot.services.isComplete(in: namespace) else { return [] }
            return configMap.data.sorted { $0.key < $1.key }.flatMap { key, text -> [Finding] in
                let table = RoutingTable(text)
                guard table.entries.count >= Self.minimumEntries,
                    let gateway = Self.reader(of: configMap, in: snapshot)
                else { return [] }
                return findings(table.entries, configMap, key, gateway, snapshot)
            }
        }
    }

    private func findings(
        _ entries: [RoutingTable.Entry],
        _ configMap: ConfigMap,
        _ key: String,
        _ gateway: Workload,
        _ snapshot: Snapshot
    ) -> [Finding] {
        let services = snapshot.services.items(in: configMap.metadata.namespace ?? "")
        let naming = Naming(hosts: entries.map(\.host))
        var servicesByWords: [[Substring]: Service] = [:]
        for service in services { servicesByWords[naming.words(service.metadata.name)] = service }
        let pairs = entries.compactMap { entry in
            servicesByWords[naming.words(entry.name)].map { (entry: entry, meant: $0) }
        }
        let wrong = pairs.filter { Self.service($0.entry.host) != $0.meant.metadata.name }
        // Where names and hosts differ often, the names say nothing.
        guard wrong.count * 4 <= pairs.count else { return [] }
        let hosts = Set(entries.map { Self.service($0.host) })
        return wrong.compactMap { pair in
            let host = Self.service(pair.entry.host)
            let isKnown = services.contains { $0.metadata.name == host }
            guard !hosts.contains(pair.meant.metadata.name), isKnown || !pair.entry.host.contains(".") else {
                return nil
            }
            let complaint = isKnown ? nil : Self.complaint(host, gateway, snapshot)
            return finding(pair.entry, pair.meant, isKnown, complaint, configMap, key, gateway)
        }
    }

    private func finding(
        _ entry: RoutingTable.Entry,
        _ meant: Service,
        _ isKnown: Bool,
        _ complaint: EvidenceItem?,
        _ configMap: ConfigMap,
        _ key: String,
        _ gateway: Workload
    ) -> Finding {
        let reference = configMap.reference
        return Finding(
            causeClass: .gatewayRouteInvalid,
            object: meant.reference,
            owner: meant.reference,
            severity: .high,
            message: "route \(entry.name) of \(gateway.kind) \(gateway.metadata.name) leads to \(entry.host), "
                + (isKnown ? "which is another app" : "which does not exist")
                + ", and no route leads to \(meant.metadata.name)",
            confidence: complaint != nil ? 0.93 : isKnown ? 0.8 : 0.85,
            isCause: true,
            evidence: [.field("data[\(key)]", of: reference, "route \(entry.name) to \(entry.host)")]
                + (complaint.map { [$0] } ?? []),
            related: [reference, gateway.reference]
        )
    }

    /// The first label of a host within the cluster.
    private static func service(_ host: String) -> String { host.split(separator: ".").first.map(String.init) ?? host }

    /// The workload that has a ConfigMap in its pods.
    private static func reader(of configMap: ConfigMap, in snapshot: Snapshot) -> Workload? {
        snapshot.allWorkloads.first { workload in
            guard workload.metadata.namespace == configMap.metadata.namespace,
                workload.metadata.controllerReference == nil, workload.wantedReplicas ?? 1 > 0
            else { return false }
            let name = configMap.metadata.name
            return workload.template.volumes.contains { volume in
                volume.configMap?.objectName == name || volume.projected.contains { $0.configMap?.objectName == name }
            }
                || workload.template.containers.contains { container in
                    container.environmentSources.contains { $0.configMap?.name == name }
                        || container.environment.contains { $0.configMapKey?.name == name }
                }
        }
    }

    /// What the gateway says about a host that does not exist.
    private static func complaint(_ host: String, _ gateway: Workload, _ snapshot: Snapshot) -> EvidenceItem? {
        let needle = Array(host.utf8)
        for log in snapshot.logs where log.namespace == gateway.metadata.namespace ?? "" {
            guard let pod = snapshot.pod(log.pod, in: log.namespace),
                snapshot.owner(of: pod).name == gateway.metadata.name,
                let line = log.lines.last(where: { $0.utf8.containsWord(needle) })
            else { continue }
            return EvidenceItem(
                kind: .log,
                source: "log of container \(log.container)",
                object: pod.reference,
                text: LogLine.shortened(line)
            )
        }
        return nil
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .gatewayRouteInvalid else { return [] }
        return [
            Recommendation(
                title: "Correct the route in the gateway's configuration",
                description: "The message names the route; the gateway usually has to be started again to read it.",
                command: "kubectl -n \(cause.object.namespace) get configmaps",
                risk: .none
            )
        ]
    }
}

/// The words that tell the apps of a table apart: those that most of its hosts have say only that they belong together.
private struct Naming {
    private var common: Set<Substring> = []

    init(hosts: [String]) {
        var counts: [Substring: Int] = [:]
        for host in hosts { for word in Set(Self.split(host)) { counts[word, default: 0] += 1 } }
        common = Set(counts.filter { $0.value * 2 > hosts.count }.keys)
    }

    func words(_ name: String) -> [Substring] {
        let words = Self.split(name)
        let distinct = words.filter { !common.contains($0) }
        return distinct.isEmpty ? words : distinct
    }

    private static func split(_ name: String) -> [Substring] {
        let host = name.split(separator: ".").first ?? ""
        return host.lowercased().split { !$0.isLetter && !$0.isNumber }.map { Substring($0) }
    }
}
