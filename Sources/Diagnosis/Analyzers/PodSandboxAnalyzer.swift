// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The container runtime of a node does not answer.
    public static let containerRuntimeUnavailable = CauseClass(rawValue: "ContainerRuntimeUnavailable")
    /// The network plugin of a node cannot connect pods.
    public static let networkPluginFailed = CauseClass(rawValue: "NetworkPluginFailed")
    /// The runtime cannot make the surroundings of a pod.
    public static let podSandboxFailed = CauseClass(rawValue: "PodSandboxFailed")
}

/// Pods for which a node cannot make the sandbox that their containers run in.
struct PodSandboxAnalyzer: Analyzer {
    private static let reasons: Set<String> = ["FailedCreatePodSandBox", "FailedPodSandBoxStatus", "NetworkNotReady"]

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.pods.compactMap { pod in
            guard pod.isWaitingForItsSurroundings else { return nil }
            let events = snapshot.events(about: pod.reference)
            guard let event = events.first(where: { Self.reasons.contains($0.reason) && !$0.message.isEmpty }) else {
                return nil
            }
            return finding(pod, event, in: snapshot)
        }
    }

    private func finding(_ pod: Pod, _ event: Event, in snapshot: Snapshot) -> Finding {
        let lowered = event.message.lowercased()
        let isRuntime = lowered.contains("connection error") || lowered.contains(".sock")
        let isNetwork =
            event.reason == "NetworkNotReady" || lowered.contains("setup network") || lowered.contains("network plugin")
            || lowered.contains("cni")
        let causeClass: CauseClass
        let message: String
        if lowered.contains("oom-killed") {
            (causeClass, message) = (.outOfMemory, "its memory limit is too low even to start the pod")
        } else if isNetwork {
            (causeClass, message) = (.networkPluginFailed, "the network plugin of the node cannot connect the pod")
        } else if isRuntime {
            (causeClass, message) = (.containerRuntimeUnavailable, "the container runtime of the node does not answer")
        } else {
            (causeClass, message) = (
                .podSandboxFailed,
                "the node cannot make the pod's sandbox: " + StableText.of(event.message, about: pod.metadata.name)
            )
        }
        // The node's own programs fail for every workload alike: the node is what has to be repaired.
        let isNodeFault = causeClass == .containerRuntimeUnavailable || causeClass == .networkPluginFailed
        let node = isNodeFault ? pod.spec.nodeName : nil
        var finding = snapshot.cause(
            causeClass,
            of: pod,
            owner: node.map { ObjectReference(apiVersion: "v1", kind: "Node", name: $0) },
            confidence: causeClass == .podSandboxFailed ? 0.75 : 0.9,
            message: message,
            evidence: [.event(event, about: pod.reference)]
        )
        if causeClass == .networkPluginFailed, let node {
            finding.origins = snapshot.ownersOfNetworkPlugins(on: node)
        }
        return finding
    }
}
