// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// No pod of the cluster's DNS is ready, so that no name of a Service resolves.
    public static let clusterDNSUnavailable = CauseClass(rawValue: "ClusterDNSUnavailable")
}

/// The cluster's DNS, without which nearly everything else fails.
///
/// It stands behind the Service `kube-dns` of kube-system, whatever the program is called.
struct ClusterDNSAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        guard let service = snapshot.services["kube-dns", in: "kube-system"], !service.selector.isEmpty,
            snapshot.knowsPods(in: "kube-system")
        else { return [] }
        let backends = ServiceBackends(snapshot)
        let pods = backends.pods(behind: service)
        guard !pods.contains(where: \.status.isReady) else { return [] }
        let workload = backends.workloads(behind: service).first
        // Pods that exist and are not ready have a reason of their own.
        let isCause = pods.isEmpty && (workload?.wantedReplicas ?? 0) == 0
        let owner = workload?.reference ?? pods.first.map { snapshot.owner(of: $0) } ?? service.reference
        return [
            Finding(
                causeClass: .clusterDNSUnavailable,
                object: service.reference,
                owner: owner,
                severity: .critical,
                message: pods.isEmpty
                    ? "the cluster's DNS has no pods, and no name of a Service resolves"
                    : "none of the cluster's DNS pods is ready, and no name of a Service resolves",
                confidence: 0.93,
                isCause: isCause,
                evidence: [
                    .field(
                        "spec.selector",
                        of: service.reference,
                        "\(Count.text(pods.count, "pod")), none of them ready"
                    )
                ],
                related: [service.reference]
            )
        ]
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .clusterDNSUnavailable else { return [] }
        return [
            Recommendation(
                title: "Bring the DNS pods back",
                description: "Everything that asks for a Service by its name waits for them.",
                command: "kubectl -n kube-system get deployments,pods -l k8s-app=kube-dns",
                risk: .none
            )
        ]
    }
}
