// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The kube-proxy of a node is down, so that Services do not work from there.
    public static let kubeProxyUnavailable = CauseClass(rawValue: "KubeProxyUnavailable")
    /// Pods of several workloads fail on one node and nowhere else, and nothing says why.
    public static let nodeSuspected = CauseClass(rawValue: "NodeSuspected")
}

/// Nodes that call themselves well and on which things fail all the same.
struct NodeAgentAnalyzer: Analyzer {
    /// How many workloads have to fail on a node, and how many pods to do well elsewhere, before chance is ruled out.
    private static let leastSuffering = 3

    func findings(in snapshot: Snapshot) -> [Finding] {
        let well = Set(snapshot.nodes.items.filter { $0.conditions.isTrue("Ready") }.map(\.metadata.name))
        guard well.count > 1 else { return [] }
        return proxies(on: well, in: snapshot) + suspects(among: well, in: snapshot) + silence(on: well, in: snapshot)
    }

    // MARK: kube-proxy

    private static func isProxy(_ pod: Pod) -> Bool {
        pod.metadata.controllerReference?.name == "kube-proxy"
            || ["k8s-app", "component", "app.kubernetes.io/name"].contains { pod.metadata.labels[$0] == "kube-proxy" }
    }

    private func proxies(on nodes: Set<String>, in snapshot: Snapshot) -> [Finding] {
        let proxies = snapshot.pods.filter {
            Self.isProxy($0) && $0.metadata.deletionTimestamp == nil && nodes.contains($0.spec.nodeName ?? "")
        }
        // Where none of them runs, it is what they are made of.
        guard proxies.contains(where: \.status.isReady) else { return [] }
        return proxies.filter { !$0.status.isReady }.map { pod in
            let node = Node.apiResource.reference(pod.spec.nodeName ?? "")
            return Finding(
                causeClass: .kubeProxyUnavailable,
                object: pod.reference,
                owner: node,
                severity: .critical,
                message: "its kube-proxy does not run, so that Services cannot be reached from its pods",
                confidence: 0.85,
                isCause: true,
                evidence: [
                    .field("status.conditions[Ready]", of: pod.reference, "not ready, while others on other nodes are")
                ],
                related: [pod.reference, snapshot.owner(of: pod)]
            )
        }
    }

    // MARK: Failures that only one node has

    private func suspects(among nodes: Set<String>, in snapshot: Snapshot) -> [Finding] {
        let bound = snapshot.pods.filter {
            $0.metadata.deletionTimestamp == nil && $0.spec.nodeName?.isEmpty == false
                && $0.status.phase != "Succeeded" && $0.status.phase != "Failed"
        }
        let failing = bound.filter { !$0.status.isReady }
        guard let name = failing.first?.spec.nodeName, nodes.contains(name),
            failing.allSatisfy({ $0.spec.nodeName == name })
        else { return [] }
        let owners = Set(failing.map { snapshot.owner(of: $0).description })
        let elsewhere = bound.count { $0.spec.nodeName != name }
        let isMost = failing.count * 2 > bound.count { $0.spec.nodeName == name }
        guard owners.count >= Self.leastSuffering, elsewhere >= Self.leastSuffering, isMost else { return [] }
        let node = Node.apiResource.reference(name)
        return [
            Finding(
                causeClass: .nodeSuspected,
                object: node,
                owner: node,
                severity: .high,
                message: "pods of several workloads fail on this node and on no other",
                confidence: 0.5,
                isCause: true,
                evidence: [
                    .field(
                        "status.conditions[Ready]",
                        of: failing[0].reference,
                        "\(Count.text(failing.count, "pod")) of \(Count.text(owners.count, "workload")) not ready, "
                            + "all of them here; \(elsewhere) on other nodes do well"
                    )
                ],
                related: failing.prefix(10).map(\.reference)
            )
        ]
    }

    // MARK: Services that do not answer to one node

    /// A node whose pods get no answer from Services that have ready pods, with no policy that would explain it.
    ///
    /// It may be the server itself that hangs, so that this never names a root cause.
    private func silence(on nodes: Set<String>, in snapshot: Snapshot) -> [Finding] {
        let timeouts = snapshot.ownComplaints.filter { complaint in
            complaint.sign == .connectionTimeout && complaint.target?.isAddress == true
                && snapshot.networkPolicies.items(in: complaint.container.pod.metadata.namespace ?? "").isEmpty
        }
        guard !timeouts.isEmpty else { return [] }
        let directory = ServiceDirectory(snapshot)
        let unanswered = timeouts.filter { !directory.silentServices(for: $0.container.pod).isEmpty }
        guard let first = unanswered.first, let name = first.container.pod.spec.nodeName, nodes.contains(name),
            unanswered.allSatisfy({ $0.container.pod.spec.nodeName == name })
        else { return [] }
        let node = Node.apiResource.reference(name)
        return [
            Finding(
                causeClass: .nodeSuspected,
                object: node,
                owner: node,
                severity: .high,
                message: "Services that have ready pods do not answer to pods on this node",
                confidence: 0.4,
                isCause: true,
                evidence: [first.evidence],
                related: unanswered.prefix(10).map { snapshot.owner(of: $0.container.pod) }.uniqued()
            )
        ]
    }

    private static let guides: [CauseGuide] = [
        CauseGuide(
            causeClass: .kubeProxyUnavailable,
            kinds: ["Node"],
            proof: "The kube-proxy pod of a node is not ready while those of other nodes are.",
            title: "Look at the kube-proxy pod of the node",
            description: "Its log has the reason; Services do not work for the pods of the node until it runs.",
            command: "kubectl -n kube-system get pods -o wide --field-selector spec.nodeName={name}"
        ),
        CauseGuide(
            causeClass: .nodeSuspected,
            kinds: ["Node"],
            proof:
                "Pods of three or more workloads are not ready, all on one node, and most of its pods are among them; or "
                + "only pods of one node complain that addresses of Services with ready pods do not answer (never above "
                + "0.4).",
            title: "Compare the node with the others",
            description:
                "Its network, disk, time and what runs beside the pods differ; moving a pod shows whether it is.",
            command: "kubectl describe node {name}"
        ),
    ]

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}
