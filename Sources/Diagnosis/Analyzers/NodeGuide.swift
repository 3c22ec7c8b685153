// SPDX-License-Identifier: Apache-2.0

extension NodeAnalyzer {
    static let guides: [CauseGuide] = [
        guide(
            .kubeletUnavailable,
            "The node's condition Ready is Unknown, or its last word is much older than that of the others.",
            "See whether the node is up and its kubelet runs",
            "The kubelet's own log on the node has the reason. Pods of a node that is gone for good go with the node."
        ),
        guide(
            .kubeletCertificateExpired,
            "Ready is Unknown, and an event of the node says that a certificate is not valid any more.",
            "Renew the kubelet's certificate",
            "Let it ask for another one, and see whether its request is approved: kubectl get csr."
        ),
        guide(
            .containerRuntimeUnavailable,
            "Ready is False, and the condition or an event of the node says that the runtime does not answer.",
            "Look at the container runtime on the node",
            "Is its service running? Its own log on the node says why not."
        ),
        guide(
            .networkPluginFailed,
            "Ready is False because of the network plugin.",
            "Look at the network plugin on the node",
            "Its pods usually are a DaemonSet in kube-system; the one on this node has the reason in its log."
        ),
        guide(
            .nodeNotReady,
            "Ready is False for another reason.",
            "Look at the kubelet on the node",
            "Its own log says what it waits for."
        ),
        guide(
            .nodeMemoryPressure,
            "The condition MemoryPressure is True.",
            "Find out what uses up the node's memory",
            "Pods that use more than they request are evicted first; processes outside of pods count too."
        ),
        guide(
            .nodeDiskPressure,
            "The condition DiskPressure is True.",
            "Free disk space on the node",
            "Images, logs and emptyDir volumes fill it; the kubelet removes unused images by itself."
        ),
        guide(
            .nodeProcessPressure,
            "The condition PIDPressure is True.",
            "Find out what starts so many processes",
            "A bound for each pod (podPidsLimit) keeps one from harming all."
        ),
        guide(
            .nodeNetworkUnavailable,
            "The condition NetworkUnavailable is True.",
            "Look at what sets up the node's network",
            "It is the cloud's route controller or the network plugin."
        ),
        guide(
            .nodeKernelDeadlock,
            "The condition KernelDeadlock is True.",
            "Restart the node",
            "Drain it first if it still answers."
        ),
        guide(
            .nodeFilesystemReadOnly,
            "The condition ReadonlyFilesystem is True.",
            "Look at the node's disks",
            "A kernel makes a file system read-only after errors of the disk."
        ),
        guide(
            .nodeClockSkewed,
            "The condition NTPProblem is True.",
            "Repair the time service of the node",
            "Certificates and leases fail where clocks differ."
        ),
        guide(
            .nodeProblemReported,
            "Another condition whose name tells which value is bad has that value.",
            "Look at what reports it",
            "The quoted message comes from a watcher of the node."
        ),
    ]

    private static func guide(
        _ causeClass: CauseClass,
        _ proof: String,
        _ title: String,
        _ description: String
    ) -> CauseGuide {
        CauseGuide(
            causeClass: causeClass,
            kinds: ["Node"],
            proof: proof,
            title: title,
            description: description,
            command: "kubectl describe node {name}"
        )
    }

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}
