// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The kubelet of a node is of a version that does not go with that of the API server.
    public static let kubeletVersionUnsupported = CauseClass(rawValue: "KubeletVersionUnsupported")
}

/// Kubelets that are newer than the API server, or too old for it.
///
/// The version skew policy of Kubernetes allows three minor versions between them, and two before 1.28. Most things work
/// all the same, so that this is never more than a candidate, and only while pods of the node are in trouble.
struct KubeletVersionAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        guard let server = Self.serverVersion(in: snapshot) else { return [] }
        return snapshot.nodes.items.compactMap { node in
            guard node.metadata.deletionTimestamp == nil, let kubelet = MinorVersion(node.info.kubeletVersion),
                let fault = Self.fault(of: kubelet, server: server)
            else { return nil }
            let isHurt = snapshot.pods(on: node.metadata.name).contains { pod in
                pod.status.phase != "Succeeded" && !pod.status.isReady
            }
            return Finding(
                causeClass: .kubeletVersionUnsupported,
                object: node.reference,
                owner: node.reference,
                severity: isHurt ? .medium : .low,
                message: "its kubelet of version \(kubelet) is \(fault) the API server of version \(server)",
                confidence: isHurt ? 0.4 : 0.3,
                isCause: true,
                evidence: [.field("status.nodeInfo.kubeletVersion", of: node.reference, node.info.kubeletVersion)]
            )
        }
    }

    /// What is wrong with the version of a kubelet; nil if it goes with the server.
    private static func fault(of kubelet: MinorVersion, server: MinorVersion) -> String? {
        if kubelet > server { return "newer than" }
        guard kubelet.major == server.major else { return nil }
        let allowed = server.minor >= 28 ? 3 : 2
        return server.minor - kubelet.minor > allowed ? "more than \(allowed) minor versions behind" : nil
    }

    /// The version of the API server: what it says itself, else the oldest that its pods run, as far as they are seen.
    private static func serverVersion(in snapshot: Snapshot) -> MinorVersion? {
        if let version = snapshot.serverVersion { return MinorVersion(version) }
        return snapshot.pods(in: "kube-system").filter { $0.metadata.labels["component"] == "kube-apiserver" }
            .compactMap { pod in
                let image = pod.spec.containers.first { $0.name == "kube-apiserver" }?.image.prefix { $0 != "@" }
                return image?.split(separator: "/").last?.split(separator: ":").dropFirst().first
                    .flatMap { MinorVersion($0) }
            }.min()
    }

    private static let guides: [CauseGuide] = [
        CauseGuide(
            causeClass: .kubeletVersionUnsupported,
            kinds: ["Node"],
            proof:
                "Its kubelet is newer than the API server, or more than three minor versions older (two before 1.28); a "
                + "word for the reader while the pods of the node do well.",
            title: "Upgrade the older of the two",
            description: "The API server goes first, then the kubelets, each at most one minor version at a time.",
            command: "kubectl get nodes -o wide"
        )
    ]

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}
