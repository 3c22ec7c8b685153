// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The pod requests more CPU than any usable node has free.
    public static let insufficientCPU = CauseClass(rawValue: "InsufficientCPU")
    /// The pod requests more memory than any usable node has free.
    public static let insufficientMemory = CauseClass(rawValue: "InsufficientMemory")
    /// The pod requests more of something else than any usable node has free.
    public static let insufficientNodeResources = CauseClass(rawValue: "InsufficientNodeResources")
    /// The pod does not tolerate the taints of the nodes that it needs.
    public static let untoleratedTaint = CauseClass(rawValue: "UntoleratedTaint")
    /// No node carries the labels of the pod's node selector.
    public static let nodeSelectorMismatch = CauseClass(rawValue: "NodeSelectorMismatch")
    /// No node satisfies the pod's required node affinity.
    public static let nodeAffinityMismatch = CauseClass(rawValue: "NodeAffinityMismatch")
    /// Required pod anti-affinity leaves no node.
    public static let podAntiAffinityConflict = CauseClass(rawValue: "PodAntiAffinityConflict")
    /// No node runs the pods that this one has to be with.
    public static let podAffinityMismatch = CauseClass(rawValue: "PodAffinityMismatch")
    /// The nodes that would fit are cordoned.
    public static let nodeCordoned = CauseClass(rawValue: "NodeCordoned")
    /// The nodes that would fit are not ready.
    public static let nodeNotReady = CauseClass(rawValue: "NodeNotReady")
    /// A claim of the pod has no volume.
    public static let claimUnbound = CauseClass(rawValue: "PersistentVolumeClaimUnbound")
    /// A claim of the pod does not exist.
    public static let claimNotFound = CauseClass(rawValue: "PersistentVolumeClaimNotFound")
    /// A claim of the pod is being deleted.
    public static let claimBeingDeleted = CauseClass(rawValue: "PersistentVolumeClaimBeingDeleted")
    /// The volume of the pod is where no usable node is.
    public static let volumeNodeAffinityConflict = CauseClass(rawValue: "VolumeNodeAffinityConflict")
    /// The nodes have as many volumes as they can take.
    public static let volumeLimitExceeded = CauseClass(rawValue: "VolumeLimitExceeded")
    /// The port that the pod wants on its node is taken on every one.
    public static let hostPortConflict = CauseClass(rawValue: "HostPortConflict")
    /// The scheduler finds no node, for a reason of which only its words are known.
    public static let podUnschedulable = CauseClass(rawValue: "PodUnschedulable")
    /// No node satisfies the pod's topology spread constraints.
    public static let topologySpreadConflict = CauseClass(rawValue: "TopologySpreadConflict")
}

/// Pods for which the scheduler finds no node.
struct UnschedulableAnalyzer: Analyzer {
    func consults(in snapshot: Snapshot) -> [APIResource] {
        // The scheduler counts nodes; which ones they are, and what they lack, only the nodes tell.
        snapshot.pods.contains(where: Self.isUnschedulable) ? [Node.apiResource] : []
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        let pods = snapshot.pods.filter(Self.isUnschedulable)
        guard !pods.isEmpty else { return [] }
        let nodes = NodeCapacity.all(in: snapshot)
        return pods.compactMap { finding($0, nodes, in: snapshot) }
    }

    /// Whether the scheduler looks for a node for the pod at present, and finds none.
    static func isUnschedulable(_ pod: Pod) -> Bool {
        guard pod.metadata.deletionTimestamp == nil, pod.status.phase == "Pending",
            let scheduled = pod.status.conditions["PodScheduled"]
        else { return false }
        return scheduled.status == .false && ["Unschedulable", "SchedulerError"].contains(scheduled.reason)
    }

    private func finding(_ pod: Pod, _ nodes: [NodeCapacity], in snapshot: Snapshot) -> Finding? {
        guard let scheduled = pod.status.conditions["PodScheduled"] else { return nil }
        let event = snapshot.events(about: pod.reference).first { $0.reason == "FailedScheduling" }
        let text = scheduled.message.isEmpty ? event?.message ?? "" : scheduled.message
        let words = SchedulerMessage(text)
        guard var verdict = Self.judge(words, pod, in: snapshot) ?? Self.quote(words, pod, in: snapshot) else {
            return nil
        }
        if verdict.causeClass == .claimUnbound, Self.isExplained(pod, in: snapshot) { return nil }
        if verdict.causeClass == .claimNotFound,
            StorageQuotaAnalyzer.shortage(in: pod.metadata.namespace ?? "", snapshot) != nil
        {
            // The quota is why it is not there.
            verdict.confidence = 0.6
        }
        if let resource = Self.impossible(verdict.causeClass, pod, nodes) { verdict.causeClass = resource }
        let proof = SchedulingProof(pod: pod, snapshot: snapshot, nodes: nodes).result(for: verdict.causeClass)
        var evidence = [EvidenceItem.field("status.conditions[PodScheduled]", of: pod.reference, text)]
        evidence += verdict.evidence + proof.evidence
        var lost: [Node] = []
        if verdict.isOfFittingNode {
            let isAboutResources = Self.resourceClasses.contains(verdict.causeClass)
            lost = Array(
                LostNodes(pod: pod, snapshot: snapshot).all(words, isAboutResources: isAboutResources)
                    .prefix(Self.maximumLost)
            )
            evidence += lost.map { node in
                .field("spec.taints", of: node.reference, "not to be used: \(TaintText.of(pod.untolerated(node)))")
            }
            // The others may always have been full.
            if !lost.isEmpty { verdict.confidence = 0.65 }
        }
        var finding = snapshot.cause(
            verdict.causeClass,
            of: pod,
            owner: verdict.node.map { Node.apiResource.reference($0) },
            confidence: verdict.confidence,
            message: "the pod finds no node: \(proof.message ?? verdict.message)"
                + (lost.isEmpty ? "" : "; a node in trouble would have room"),
            evidence: evidence
        )
        finding.related = proof.related + lost.map(\.reference)
        if Self.resourceClasses.contains(verdict.causeClass), snapshot.isAboutEverything {
            finding.related += CustomResourceAnalyzer.nodeMakers(in: snapshot)
        }
        return finding
    }

    private static let resourceClasses: Set<CauseClass> = [
        .insufficientCPU, .insufficientMemory, .insufficientNodeResources,
    ]

    /// The most nodes in trouble that are named.
    private static let maximumLost = 10

    /// How long the scheduler may take to find a node that is just coming.
    private static let patience = Duration.seconds(60)

    /// The scheduler's own words, where they are all that is known.
    private static func quote(_ message: SchedulerMessage, _ pod: Pod, in snapshot: Snapshot) -> Verdict? {
        guard !message.text.isEmpty, let created = pod.metadata.creationTimestamp,
            snapshot.takenAt.since(created) > patience
        else { return nil }
        return Verdict(causeClass: .podUnschedulable, message: StableText.of(message.text), confidence: 0.6)
    }

    /// The resource of which the pod wants more than any node has, if it is only one of the two.
    ///
    /// The scheduler counts every resource that a node lacks; what no node could ever give is what has to be changed.
    private static func impossible(_ causeClass: CauseClass, _ pod: Pod, _ nodes: [NodeCapacity]) -> CauseClass? {
        guard [.insufficientCPU, .insufficientMemory].contains(causeClass), !nodes.isEmpty else { return nil }
        let impossible = [("cpu", CauseClass.insufficientCPU), ("memory", .insufficientMemory)].filter { resource, _ in
            nodes.allSatisfy { node in node.allocatable(resource).map { $0 < pod.spec.requested(resource) } ?? false }
        }
        return impossible.count == 1 ? impossible[0].1 : nil
    }

    /// Whether it is known why a claim of the pod has no volume: that is told of the claim, and says more.
    private static func isExplained(_ pod: Pod, in snapshot: Snapshot) -> Bool {
        pod.claimReferences.contains { reference in
            snapshot.persistentVolumeClaims[reference.name, in: reference.namespace]
                .flatMap { ClaimBinding(claim: $0, snapshot: snapshot).verdict } != nil
        }
    }

    private struct Verdict {
        var causeClass: CauseClass
        var message: String
        var confidence = 0.95
        var evidence: [EvidenceItem] = []
        /// The node that is at fault, if it is not the workload.
        var node: String?
        /// Whether it is about nodes that would do but for it.
        var isOfFittingNode = false
    }

    private static let claimClasses: [CauseClass] = [.claimUnbound, .claimNotFound, .claimBeingDeleted]

    private static func judge(_ message: SchedulerMessage, _ pod: Pod, in snapshot: Snapshot) -> Verdict? {
        if let claim = message.reasons.first(where: { claimClasses.contains($0.causeClass) }) {
            return Verdict(causeClass: claim.causeClass, message: explain(claim, pod))
        }
        // A node that fits but for its resources is worth more than any number that was never meant.
        let fitting = message.reasons.filter(\.isOfFittingNode).enumerated()
            .max { ($0.element.nodes ?? 0, -$0.offset) < ($1.element.nodes ?? 0, -$1.offset) }?.element
        if let fitting {
            return Verdict(causeClass: fitting.causeClass, message: explain(fitting, pod), isOfFittingNode: true)
        }
        // Plugins look only at nodes that have passed the checks of labels, taints and cordons.
        if !message.others.isEmpty { return quote(message, pod, in: snapshot) }
        if let verdict = judgeByLabels(message, pod, snapshot.nodes) { return verdict }

        let taints = message.reasons.filter { $0.causeClass == .untoleratedTaint && !isBackground($0) }
        let mismatch = message.reasons.first { $0.causeClass == .nodeSelectorMismatch }
        let cordoned = message.reasons.first { $0.causeClass == .nodeCordoned }
        if let taint = taints.first {
            // With a selector in play nobody knows here whether the tainted nodes are those it means.
            return Verdict(
                causeClass: .untoleratedTaint,
                message: explain(taint, pod),
                confidence: mismatch == nil ? 0.95 : 0.75
            )
        }
        // The nodes that a DaemonSet's pod is not meant for never match; that is not why it has no node.
        let isOfDaemonSet = pod.metadata.controllerReference?.kind == "DaemonSet"
        if let mismatch, !(isOfDaemonSet && cordoned != nil) {
            return Verdict(
                causeClass: pod.spec.nodeSelector.isEmpty && pod.spec.requiresNodeAffinity
                    ? .nodeAffinityMismatch : .nodeSelectorMismatch,
                message: explain(mismatch, pod),
                confidence: (cordoned?.nodes ?? 0) > 1 ? 0.65 : 0.9
            )
        }
        if let cordoned { return Verdict(causeClass: .nodeCordoned, message: explain(cordoned, pod)) }
        if let background = message.reasons.first(where: { $0.causeClass == .untoleratedTaint }) {
            let isControlPlane = background.text.contains("node-role.kubernetes.io/")
            return Verdict(
                causeClass: isControlPlane ? .untoleratedTaint : trouble(behind: background),
                message: explain(background, pod),
                confidence: 0.85
            )
        }
        return nil
    }

    /// A node selector says exactly which nodes are meant: what keeps the pod off them is the cause.
    private static func judgeByLabels(_ message: SchedulerMessage, _ pod: Pod, _ known: Inventory<Node>) -> Verdict? {
        let nodes = known.items
        guard !nodes.isEmpty, !pod.spec.nodeSelector.isEmpty || pod.spec.requiresNodeAffinity,
            let mismatch = message.reasons.first(where: { $0.causeClass == .nodeSelectorMismatch })
        else { return nil }
        let meant = nodes.filter(pod.means)
        let seen = EvidenceItem.field(
            pod.spec.nodeSelector.isEmpty ? "spec.affinity.nodeAffinity" : "spec.nodeSelector",
            of: pod.reference,
            "\(wishes(of: pod)): \(meant.count) of \(nodes.count) nodes match, "
                + "\(meant.count(where: \.isUnschedulable)) of them cordoned"
        )
        // What is not known may be what is meant.
        guard known.isComplete() || !meant.isEmpty else { return nil }
        if meant.isEmpty {
            let isSelector = !nodes.contains { node in
                pod.spec.nodeSelector.allSatisfy { node.metadata.labels[$0.key] == $0.value }
            }
            return Verdict(
                causeClass: isSelector ? .nodeSelectorMismatch : .nodeAffinityMismatch,
                message: explain(mismatch, pod),
                evidence: [seen]
            )
        }
        if meant.allSatisfy(\.isUnschedulable) {
            return Verdict(
                causeClass: .nodeCordoned,
                message: "the nodes that match its \(wishes(of: pod)) are cordoned",
                evidence: [seen]
            )
        }
        guard let taint = message.reasons.first(where: { $0.causeClass == .untoleratedTaint && !isBackground($0) })
        else {
            guard let background = message.reasons.first(where: { $0.causeClass == .untoleratedTaint }),
                !background.text.contains("node-role.kubernetes.io/")
            else { return nil }
            return Verdict(
                causeClass: trouble(behind: background),
                message: "the nodes that match its \(wishes(of: pod)) are not ready",
                confidence: 0.9,
                evidence: [seen],
                node: meant.count == 1 ? meant[0].metadata.name : nil
            )
        }
        return Verdict(causeClass: .untoleratedTaint, message: explain(taint, pod), evidence: [seen])
    }

    /// Taints that the cluster itself puts on nodes are there in every message; somebody else's are what is new.
    private static func isBackground(_ reason: SchedulerMessage.Reason) -> Bool {
        reason.text.contains("node-role.kubernetes.io/") || reason.text.contains("{node.kubernetes.io/")
    }

    /// What is wrong with a node that the cluster itself keeps pods off.
    private static func trouble(behind taint: SchedulerMessage.Reason) -> CauseClass {
        let troubles: [(taint: String, causeClass: CauseClass)] = [
            ("/disk-pressure", .nodeDiskPressure), ("/memory-pressure", .nodeMemoryPressure),
            ("/pid-pressure", .nodeProcessPressure), ("/network-unavailable", .nodeNetworkUnavailable),
        ]
        return troubles.first { taint.text.contains($0.taint) }?.causeClass ?? .nodeNotReady
    }

    private static func selector(of pod: Pod) -> String { LabelText.of(pod.spec.nodeSelector) }

    /// What the pod wants of its node, for people.
    private static func wishes(of pod: Pod) -> String {
        pod.spec.nodeSelector.isEmpty ? "required node affinity" : "node selector \(selector(of: pod))"
    }

    private static func explain(_ reason: SchedulerMessage.Reason, _ pod: Pod) -> String {
        switch reason.causeClass {
        case .insufficientCPU: "no usable node has the CPU free that it requests"
        case .insufficientMemory: "no usable node has the memory free that it requests"
        case .nodeSelectorMismatch:
            pod.spec.nodeSelector.isEmpty
                ? "no usable node satisfies its required node affinity"
                : "no usable node carries the labels of its node selector \(selector(of: pod))"
        case .podAntiAffinityConflict: "required pod anti-affinity leaves no node"
        case .nodeCordoned: "the nodes that would fit are cordoned"
        case .claimUnbound: "a claim of it has no volume"
        case .claimBeingDeleted: "a claim of it is being deleted, and stays only until its last pod is gone"
        case .hostPortConflict: "the port that it wants on its node is taken on every one"
        case .untoleratedTaint: "it does not tolerate " + taint(in: reason.text)
        default: reason.text
        }
    }

    /// `the taint {key: value}`, as the scheduler writes it.
    private static func taint(in text: String) -> String {
        guard let open = text.firstIndex(of: "{"), let close = text[open...].firstIndex(of: "}") else {
            return "the taints of the nodes"
        }
        return "the taint \(text[open...close])"
    }
}
