// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A node is short of memory and evicts pods.
    public static let nodeMemoryPressure = CauseClass(rawValue: "NodeMemoryPressure")
    /// A node is short of disk space and evicts pods.
    public static let nodeDiskPressure = CauseClass(rawValue: "NodeDiskPressure")
    /// A node has almost as many processes as it can have.
    public static let nodeProcessPressure = CauseClass(rawValue: "NodePIDPressure")
    /// The routes of a node to the other nodes' pods have not been set up.
    public static let nodeNetworkUnavailable = CauseClass(rawValue: "NodeNetworkUnavailable")
    /// The certificate with which a node's kubelet talks to the API server is no longer valid.
    public static let kubeletCertificateExpired = CauseClass(rawValue: "KubeletCertificateExpired")
    /// The kernel of a node hangs.
    public static let nodeKernelDeadlock = CauseClass(rawValue: "NodeKernelDeadlock")
    /// A file system of a node has become read-only.
    public static let nodeFilesystemReadOnly = CauseClass(rawValue: "NodeFilesystemReadOnly")
    /// The clock of a node is wrong.
    public static let nodeClockSkewed = CauseClass(rawValue: "NodeClockSkewed")
    /// Something that watches over a node reports a problem.
    public static let nodeProblemReported = CauseClass(rawValue: "NodeProblemReported")
}

/// What a node says of itself that it should not say.
struct NodeTrouble: Hashable {
    var causeClass: CauseClass
    /// For people.
    var message: String
    /// How sure it is that this hurts what runs on the node.
    var confidence: Double
    /// The condition that says so.
    var condition: Condition

    /// Every trouble of a node, the most serious first.
    /// - Parameter words: what the node's components have said lately, in lower case.
    static func all(of node: Node, words: String) -> [NodeTrouble] {
        if let ready = node.conditions["Ready"], ready.status != .true {
            // What else it says it has said before.
            return [readiness(ready, words: words)]
        }
        return node.conditions.compactMap { $0.type == "Ready" ? nil : other($0) }
    }

    // MARK: Ready

    private static func readiness(_ ready: Condition, words: String) -> NodeTrouble {
        let text = "\(ready.reason) \(ready.message)".lowercased()
        func trouble(_ causeClass: CauseClass, _ message: String, _ confidence: Double) -> NodeTrouble {
            NodeTrouble(causeClass: causeClass, message: message, confidence: confidence, condition: ready)
        }
        if ready.status == .unknown {
            if isCertificate(words) {
                return trouble(.kubeletCertificateExpired, "the kubelet's certificate is no longer valid", 0.9)
            }
            return trouble(.kubeletUnavailable, "its kubelet has stopped reporting", 0.95)
        }
        if isRuntime(text) { return trouble(.containerRuntimeUnavailable, "its container runtime is down", 0.95) }
        if isNetwork(text) { return trouble(.networkPluginFailed, "its network plugin is not ready", 0.95) }
        // The kubelet's own sentence can be older than what its helpers say.
        if isRuntime(words) { return trouble(.containerRuntimeUnavailable, "its container runtime is down", 0.9) }
        if isNetwork(words) { return trouble(.networkPluginFailed, "its network plugin is not ready", 0.85) }
        return trouble(
            .nodeNotReady,
            "it is not ready: " + StableText.of(ready.message.isEmpty ? ready.reason : ready.message),
            0.85
        )
    }

    private static func isRuntime(_ text: String) -> Bool {
        [
            "container runtime is down", "runtime not ready", "pleg is not healthy", "runtime status check may not",
            "containerd.sock", "crio.sock", "dockershim.sock", "docker.sock",
        ].contains { text.contains($0) }
    }

    private static func isNetwork(_ text: String) -> Bool {
        ["network plugin", "networkpluginnotready", "cni config", "cni plugin"].contains { text.contains($0) }
    }

    private static func isCertificate(_ text: String) -> Bool {
        text.contains("certificate has expired") || text.contains("certificate is not valid")
    }

    // MARK: The other conditions

    private static let known: [String: (causeClass: CauseClass, message: String)] = [
        "MemoryPressure": (.nodeMemoryPressure, "it is short of memory and evicts pods"),
        "DiskPressure": (.nodeDiskPressure, "it is short of disk space and evicts pods"),
        "PIDPressure": (.nodeProcessPressure, "it has almost as many processes as it can have"),
        "NetworkUnavailable": (.nodeNetworkUnavailable, "its network has not been set up"),
        "KernelDeadlock": (.nodeKernelDeadlock, "its kernel hangs"),
        "ReadonlyFilesystem": (.nodeFilesystemReadOnly, "a file system of it has become read-only"),
        "NTPProblem": (.nodeClockSkewed, "its clock is not kept right"),
    ]

    /// The names that problem detectors give to conditions that are True in trouble.
    private static let problemWords = [
        "Deadlock", "Readonly", "ReadOnly", "Corrupt", "Frequent", "Problem", "Fail", "Error", "Unhealthy", "Hung",
        "Expired",
    ]
    /// The ends of the names that are False in trouble.
    private static let healthWords = ["Ready", "Healthy"]

    /// A condition of a type that nobody knows counts only if its name says which value is the bad one.
    private static func other(_ condition: Condition) -> NodeTrouble? {
        if let (causeClass, message) = known[condition.type] {
            guard condition.status == .true else { return nil }
            return NodeTrouble(causeClass: causeClass, message: message, confidence: 0.9, condition: condition)
        }
        let isHealth = healthWords.contains { condition.type.hasSuffix($0) } && !condition.type.hasPrefix("Un")
        let isProblem = !isHealth && problemWords.contains { condition.type.contains($0) }
        guard isHealth && condition.status == .false || isProblem && condition.status == .true else { return nil }
        let words = condition.message.isEmpty ? condition.reason : condition.message
        return NodeTrouble(
            causeClass: .nodeProblemReported,
            message: "its condition \(condition.type) is \(condition.status.rawValue)"
                + (words.isEmpty ? "" : ": \(StableText.of(words))"),
            confidence: 0.75,
            condition: condition
        )
    }
}
