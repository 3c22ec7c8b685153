// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A Service hands out only what the node itself has, and the node has nothing behind it.
    public static let serviceWithoutLocalPods = CauseClass(rawValue: "ServiceWithoutLocalPods")
}

/// Services whose traffic policy is `Local`, and clients on or at nodes without a pod of theirs.
///
/// Such a policy is a choice, and a node without pods is often meant to get no traffic. It counts only if a process
/// complains that it does not get through, and the node has no ready pod behind the Service while another one has.
struct TrafficPolicyAnalyzer: Analyzer {
    func consults(in snapshot: Snapshot) -> [APIResource] {
        let ports = Set(snapshot.services.items.filter(\.isExternallyLocal).flatMap { $0.ports.compactMap(\.nodePort) })
        guard !ports.isEmpty else { return [] }
        let isAsked = Self.complaints(in: snapshot).contains { $0.target?.port.map(ports.contains) ?? false }
        return isAsked ? [Node.apiResource] : []
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        let local = snapshot.services.items.contains { $0.isInternallyLocal || $0.isExternallyLocal }
        guard local else { return [] }
        let directory = ServiceDirectory(snapshot)
        return Self.complaints(in: snapshot).compactMap { complaint in
            guard let (service, node) = Self.way(of: complaint, directory, snapshot) else { return nil }
            let nodes = Set(directory.pods(of: service).filter(Self.isServing).compactMap(\.spec.nodeName))
            guard !nodes.isEmpty, !nodes.contains(node) else { return nil }
            return finding(complaint, service, node, in: snapshot)
        }
    }

    private static func complaints(in snapshot: Snapshot) -> [Complaint] {
        snapshot.ownComplaints.filter { $0.sign.isAboutConnecting && $0.target != nil }
    }

    private static func isServing(_ pod: Pod) -> Bool { pod.status.isReady && pod.metadata.deletionTimestamp == nil }

    /// The Service with such a policy that a complaint is about, and the node that has to answer for it.
    private static func way(
        of complaint: Complaint,
        _ directory: ServiceDirectory,
        _ snapshot: Snapshot
    ) -> (service: Service, node: String)? {
        guard let target = complaint.target else { return nil }
        let pod = complaint.container.pod
        if let service = directory.service(target.host, from: pod.metadata.namespace ?? "") {
            let isAsked = target.port.map { directory.forwards(service, $0) == true } ?? true
            guard service.isInternallyLocal, isAsked, let node = pod.spec.nodeName, !node.isEmpty else { return nil }
            return (service, node)
        }
        guard target.isAddress, let port = target.port,
            let node = snapshot.nodes.items.first(where: { $0.addresses.contains { $0.address == target.host } })
        else { return nil }
        let service = snapshot.services.items.first { service in
            service.isExternallyLocal && service.ports.contains { $0.nodePort == port }
        }
        return service.map { ($0, node.metadata.name) }
    }

    private func finding(_ complaint: Complaint, _ service: Service, _ node: String, in snapshot: Snapshot) -> Finding {
        let field = service.isInternallyLocal ? "internalTrafficPolicy" : "externalTrafficPolicy"
        return snapshot.finding(
            .serviceWithoutLocalPods,
            complaint,
            owner: service.reference,
            confidence: complaint.isInTrouble ? 0.9 : 0.8,
            message: "its \(field) is Local, and where it is asked for the node has no ready pod behind it",
            related: [snapshot.owner(of: complaint.container.pod), Node.apiResource.reference(node)],
            evidence: [
                .field("spec.\(field)", of: service.reference, "Local"),
                .field("spec.nodeName", of: complaint.container.pod.reference, "node \(node) has to answer"),
            ]
        )
    }

    private static let guides: [CauseGuide] = [
        CauseGuide(
            causeClass: .serviceWithoutLocalPods,
            kinds: ["Service"],
            proof:
                "A log complains that a Service with internalTrafficPolicy or externalTrafficPolicy Local does not "
                + "answer, and the node has none of its ready pods while others have.",
            title: "Run a pod on every node that is asked, or let the Service use all nodes",
            description: "A DaemonSet has a pod everywhere; with the policy Cluster any pod may answer.",
            command: "kubectl -n {namespace} get service {name} -o yaml"
        )
    ]

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}

extension Service {
    /// Whether what comes from a node's pods goes to pods of that node only.
    fileprivate var isInternallyLocal: Bool {
        internalTrafficPolicy == "Local" && type != "ExternalName" && !isHeadless && !selector.isEmpty
    }

    /// Whether what comes to a node from outside goes to pods of that node only.
    fileprivate var isExternallyLocal: Bool {
        externalTrafficPolicy == "Local" && ["NodePort", "LoadBalancer"].contains(type) && !selector.isEmpty
    }
}
