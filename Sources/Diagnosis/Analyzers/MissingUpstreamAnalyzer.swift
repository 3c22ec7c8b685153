// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Gateways whose log says that they have nobody to send requests to, because the Service that they name does not exist.
///
/// Where the routes stand in a ConfigMap, ``RoutingTableAnalyzer`` says more.
struct MissingUpstreamAnalyzer: Analyzer {
    let detections = [
        Detection(
            .gatewayRouteInvalid,
            kinds: ["Workload"],
            proof: "A gateway's log says that it finds no server for a name, and no Service has it.",
            remedy: "Correct the target of the route in the gateway's configuration."
        )
    ]

    func findings(in snapshot: Snapshot) -> [Finding] {
        let directory = ServiceDirectory(snapshot)
        let told = Set(RoutingTableAnalyzer().findings(in: snapshot).flatMap { $0.related.map(\.description) })
        return snapshot.ownComplaints.filter { $0.sign == .noUpstream }.compactMap { miss in
            let namespace = miss.container.pod.metadata.namespace ?? ""
            guard let target = miss.name,
                case .missing(let place, let name) = directory.meaning(of: target, in: namespace)
            else { return nil }
            let finding = snapshot.finding(
                .gatewayRouteInvalid,
                miss,
                confidence: 0.65,
                message: "\(miss.container.title) sends requests to \(target), which does not exist",
                related: [ObjectReference(apiVersion: "v1", kind: "Service", namespace: place, name: name)]
            )
            return told.contains(finding.owner.description) ? nil : finding
        }
    }
}
