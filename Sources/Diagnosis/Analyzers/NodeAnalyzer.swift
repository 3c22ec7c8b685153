// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Nodes in trouble, and what of it their pods feel.
///
/// A node of which no pod in the snapshot suffers is told with a confidence that names no root cause: it may be none of
/// the question's business.
struct NodeAnalyzer: Analyzer {
    /// How much longer than the others a node may be silent before somebody wonders; the kubelet writes its status at
    /// least every five minutes.
    private static let maximumSilence = Duration.seconds(900)

    func consults(in snapshot: Snapshot) -> [APIResource] {
        snapshot.pods.contains(where: Self.suffers) ? [Node.apiResource] : []
    }

    /// Whether a pod does not do what it ought to do, as a node in trouble would make it.
    fileprivate static func suffers(_ pod: Pod) -> Bool {
        guard pod.status.phase != "Succeeded" else { return false }
        return !pod.status.isReady || pod.metadata.deletionTimestamp != nil
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        let newest = snapshot.nodes.items.compactMap(Self.lastWord).max()
        return snapshot.nodes.items.flatMap { node -> [Finding] in
            let events = Self.events(of: node, in: snapshot)
            let words = events.filter { $0.type != "Normal" }.map { $0.message.lowercased() }.joined(separator: "\n")
            var troubles = NodeTrouble.all(of: node, words: words)
            if troubles.isEmpty, let silent = Self.silence(of: node, newest: newest) { troubles = [silent] }
            guard !troubles.isEmpty else { return [] }
            let victims = snapshot.pods.filter { $0.spec.nodeName == node.metadata.name && Self.suffers($0) }
            return troubles.map { finding($0, of: node, victims, events, in: snapshot) }
        }
    }

    /// The newest events about a node that belong to its present state; one from before tells of an earlier trouble.
    private static func events(of node: Node, in snapshot: Snapshot) -> [Event] {
        let since = node.conditions["Ready"]?.lastTransitionTime?.advanced(by: .seconds(-600))
        // Kubelets give the node's name as its identity, so that identities do not compare here.
        let events = snapshot.events(about: ObjectReference(kind: Node.apiResource.kind, name: node.metadata.name))
        return events.prefix(20).filter { event in
            guard let since, let seen = event.lastSeen else { return true }
            return seen >= since
        }
    }

    private static func lastWord(of node: Node) -> Timestamp? {
        node.conditions["Ready"]?.lastObservedTime
    }

    /// Somebody else has to notice that a kubelet is silent; if that somebody is down too the node looks well for ever.
    private static func silence(of node: Node, newest: Timestamp?) -> NodeTrouble? {
        guard let ready = node.conditions["Ready"], let last = ready.lastObservedTime, let newest,
            newest.since(last) > maximumSilence
        else { return nil }
        return NodeTrouble(
            causeClass: .kubeletUnavailable,
            message: "its kubelet has not reported for much longer than those of other nodes",
            confidence: 0.6,
            condition: ready
        )
    }

    private func finding(
        _ trouble: NodeTrouble,
        of node: Node,
        _ victims: [Pod],
        _ events: [Event],
        in snapshot: Snapshot
    ) -> Finding {
        let reference = node.reference
        let condition = trouble.condition
        var evidence = [
            EvidenceItem.field(
                "status.conditions[\(condition.type)]",
                of: reference,
                "\(condition.status.rawValue), \(condition.reason)"
                    + (condition.message.isEmpty ? "" : ": \(condition.message)")
            )
        ]
        if let event = events.first(where: { $0.type == "Warning" }) ?? events.first {
            evidence.append(.event(event, about: reference))
        }
        if !victims.isEmpty {
            evidence.append(
                .field(
                    "spec.nodeName",
                    of: victims[0].reference,
                    "\(Count.text(victims.count, "pod")) on the node not ready"
                )
            )
        }
        var seen: Set<String> = []
        let owners = victims.map { snapshot.owner(of: $0) }.filter { seen.insert($0.description).inserted }
        var finding = Finding(
            causeClass: trouble.causeClass,
            object: reference,
            owner: reference,
            severity: victims.isEmpty ? .medium : .critical,
            message: "the node is in trouble: \(trouble.message)",
            confidence: victims.isEmpty
                ? min(trouble.confidence, Self.isDown(node, trouble) && snapshot.isOfWholeCluster ? 0.6 : 0.45)
                : trouble.confidence,
            isCause: true,
            evidence: evidence,
            related: Array(owners.prefix(20))
        )
        if trouble.causeClass == .networkPluginFailed {
            finding.origins = snapshot.ownersOfNetworkPlugins(on: node.metadata.name)
        }
        return finding
    }

    /// Whether a node that is to be used takes no pods at all.
    private static func isDown(_ node: Node, _ trouble: NodeTrouble) -> Bool {
        trouble.condition.type == "Ready" && trouble.condition.status != .true && !node.isUnschedulable
            && node.metadata.deletionTimestamp == nil
    }
}

extension Snapshot {
    /// What keeps the pods that give a node its network plugin, as far as they are not well.
    func ownersOfNetworkPlugins(on node: String) -> [ObjectReference] {
        let plugins = pods.filter { pod in
            pod.spec.nodeName == node && pod.spec.usesHostNetwork && NodeAnalyzer.suffers(pod)
                // Where container runtimes look for plugins and their settings.
                && pod.spec.volumes.contains { volume in
                    ["/etc/cni", "/opt/cni"].contains { volume.hostPath?.hasPrefix($0) ?? false }
                }
        }
        var seen: Set<String> = []
        return plugins.map { owner(of: $0) }.filter { seen.insert($0.description).inserted }
    }
}
