// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// What the objects say about why a pod finds no node, beside the scheduler's own words.
struct SchedulingProof {
    let pod: Pod
    let snapshot: Snapshot
    /// The nodes with what is free on them; empty if not all nodes are known.
    let nodes: [NodeCapacity]

    /// What was found out about one reason.
    struct Result {
        /// A better sentence than the scheduler's, the same at every moment; nil if there is none.
        var message: String?
        var evidence: [EvidenceItem] = []
        var related: [ObjectReference] = []
    }

    /// The most objects that are named.
    private static let maximumNamed = 10

    func result(for causeClass: CauseClass) -> Result {
        switch causeClass {
        case .insufficientCPU: resource("cpu", "CPU")
        case .insufficientMemory: resource("memory", "memory")
        case .untoleratedTaint: taints
        case .nodeCordoned: cordoned
        case .nodeSelectorMismatch: selector
        case .nodeAffinityMismatch: affinity
        case .podAntiAffinityConflict: antiAffinity
        case .hostPortConflict: hostPorts
        case .topologySpreadConflict: topologySpread
        case .volumeNodeAffinityConflict: volumes
        case .claimUnbound, .claimNotFound, .claimBeingDeleted: Result(related: pod.claimReferences)
        default: Result()
        }
    }

    /// The nodes that the pod's selector, its required affinity and its tolerations leave.
    private var usable: [NodeCapacity] {
        nodes.filter { pod.selects($0.node) && pod.untolerated($0.node).isEmpty && !$0.node.isUnschedulable }
    }

    private func reference(_ node: NodeCapacity) -> ObjectReference { node.node.reference }

    // MARK: Resources

    private func resource(_ resource: String, _ title: String) -> Result {
        let wanted = pod.spec.requested(resource)
        guard wanted > .zero, !nodes.isEmpty else { return Result() }
        let amount = SizeText.of(wanted, resource)
        let largest = nodes.compactMap { $0.allocatable(resource) }.max()
        var result = Result(evidence: [
            .field("spec.containers.resources", of: pod.reference, "\(amount) \(title) requested")
        ])
        if let largest, largest < wanted {
            result.message =
                "it requests \(amount) \(title), more than any node has; the largest has \(SizeText.of(largest, resource))"
        } else {
            result.message = "no usable node has the \(amount) \(title) free that it requests"
        }
        for node in (usable.isEmpty ? nodes : usable).prefix(Self.maximumNamed) {
            guard let whole = node.allocatable(resource) else { continue }
            let free = node.free(resource).map { "\(SizeText.of($0, resource)) free of " } ?? ""
            result.evidence.append(
                .field("status.allocatable.\(resource)", of: reference(node), free + SizeText.of(whole, resource))
            )
        }
        return result
    }

    // MARK: Nodes that do not want it, or that it does not want

    private var taints: Result {
        // Its labels say which nodes it is meant for; what keeps it off the others does not matter.
        let meant = nodes.filter { pod.selects($0.node) }
        let tainted = meant.filter { !pod.untolerated($0.node).isEmpty }
        return Result(
            evidence: tainted.prefix(Self.maximumNamed).map { node in
                .field("spec.taints", of: reference(node), TaintText.of(pod.untolerated(node.node)))
            },
            related: tainted.prefix(Self.maximumNamed).map(reference)
        )
    }

    private var cordoned: Result {
        let nodes = nodes.filter { $0.node.isUnschedulable && pod.selects($0.node) }.prefix(Self.maximumNamed)
        return Result(
            evidence: nodes.map { .field("spec.unschedulable", of: reference($0), "true") },
            related: nodes.map(reference)
        )
    }

    private var selector: Result {
        guard !nodes.isEmpty else { return Result() }
        let wanted = pod.spec.nodeSelector.sorted { $0.key < $1.key }
        let missing = wanted.filter { key, value in !nodes.contains { $0.node.metadata.labels[key] == value } }
        guard let (key, value) = missing.first else { return Result() }
        var values: Set<String> = []
        for node in nodes { if let present = node.node.metadata.labels[key] { values.insert(present) } }
        let nearest = Nearest.of(value, among: values) ?? Nearest.ofKey(key, value, among: nodes.map(\.node))
        let seen =
            values.isEmpty
            ? "no node has the label \(key)" : "nodes have " + values.sorted().prefix(5).joined(separator: ", ")
        return Result(
            message: "no node carries the label \(key)=\(value) of its node selector"
                + (nearest.map { "; there is \($0)" } ?? ""),
            evidence: [.field("spec.nodeSelector[\(key)]", of: pod.reference, "\(value); \(seen)")]
        )
    }

    private var affinity: Result {
        guard let required = pod.spec.affinity.requiredNodes, !nodes.isEmpty else { return Result() }
        let matching = nodes.count { required.matches($0.node) && pod.means($0.node) }
        let words = required.terms.map { term in
            (term.matchExpressions + term.matchFields).map { LabelText.of($0) }.joined(separator: ",")
        }.joined(separator: " or ")
        return Result(
            message: matching == 0 ? "no node satisfies its required node affinity \(words)" : nil,
            evidence: [
                .field(
                    "spec.affinity.nodeAffinity",
                    of: pod.reference,
                    "\(words): \(matching) of \(nodes.count) nodes match"
                )
            ]
        )
    }

    // MARK: Other pods

    private var antiAffinity: Result {
        guard !nodes.isEmpty else { return Result() }
        let namespace = pod.metadata.namespace ?? ""
        var result = Result()
        for term in pod.spec.affinity.forbiddenPods {
            guard let selector = term.selector, term.namespaces.isEmpty, term.namespaceSelector == nil else { continue }
            let others = snapshot.pods(matching: selector, in: namespace).filter {
                $0.spec.nodeName?.isEmpty == false && $0.metadata.name != pod.metadata.name
            }
            let places = Set(others.compactMap(\.spec.nodeName))
            result.evidence.append(
                .field(
                    "spec.affinity.podAntiAffinity",
                    of: pod.reference,
                    "not beside pods with \(LabelText.of(selector)) by \(term.topologyKey); such pods are on "
                        + "\(places.count) of \(nodes.count) nodes"
                )
            )
            var seen: Set<String> = []
            result.related += others.map { snapshot.owner(of: $0) }.filter { seen.insert($0.description).inserted }
                .prefix(Self.maximumNamed)
        }
        return result
    }

    private var hostPorts: Result {
        let wanted = Set(pod.spec.hostPorts)
        guard !wanted.isEmpty else { return Result() }
        let ports = wanted.sorted().map(String.init).joined(separator: ", ")
        let holders = snapshot.allPods.filter { other in
            other.metadata.uid != pod.metadata.uid && other.spec.nodeName?.isEmpty == false
                && other.spec.hostPorts.contains(where: wanted.contains)
        }
        var seen: Set<String> = []
        return Result(
            message: "port \(ports), which it wants on its node, is taken on every one",
            evidence: [.field("spec.containers.ports.hostPort", of: pod.reference, ports)],
            related: holders.map { snapshot.owner(of: $0) }.filter { seen.insert($0.description).inserted }
                .prefix(Self.maximumNamed).map(\.self)
        )
    }

    private var topologySpread: Result {
        let strict = pod.spec.topologySpread.filter { $0.whenUnsatisfiable == "DoNotSchedule" }
        guard let first = strict.first else { return Result() }
        let unlabelled = nodes.count { $0.node.metadata.labels[first.topologyKey] == nil }
        return Result(
            message: "no node satisfies its topology spread over \(first.topologyKey) with a skew of \(first.maxSkew)",
            evidence: strict.map { constraint in
                .field(
                    "spec.topologySpreadConstraints",
                    of: pod.reference,
                    "maxSkew \(constraint.maxSkew) over \(constraint.topologyKey)"
                )
            }
                + (unlabelled == 0 || nodes.isEmpty
                    ? []
                    : [
                        .field(
                            "spec.topologySpreadConstraints",
                            of: pod.reference,
                            "\(unlabelled) nodes lack \(first.topologyKey)"
                        )
                    ])
        )
    }

    private var volumes: Result {
        var result = Result()
        for claim in pod.claimReferences {
            guard let bound = snapshot.persistentVolumeClaims[claim.name, in: claim.namespace],
                let volume = snapshot.persistentVolumes[bound.spec.volumeName], let affinity = volume.nodeAffinity
            else { continue }
            let words = affinity.terms.flatMap(\.matchExpressions).map { LabelText.of($0) }.joined(separator: ",")
            result.evidence.append(.field("spec.nodeAffinity", of: volume.reference, words))
            result.related += [claim, volume.reference]
        }
        return result
    }
}

extension PodSpec {
    /// The ports of its node that the pod wants for itself.
    var hostPorts: [Int] {
        (containers + initContainers.filter { $0.restartPolicy == "Always" }).flatMap(\.ports).compactMap { port in
            port.hostPort ?? (usesHostNetwork ? port.number : nil)
        }.filter { $0 > 0 }
    }
}

extension Pod {
    /// Whether a node carries what the pod's node selector and required affinity ask for.
    func selects(_ node: Node) -> Bool {
        spec.nodeSelector.allSatisfy { node.metadata.labels[$0.key] == $0.value }
            && (spec.affinity.requiredNodes?.matches(node) ?? true)
    }

    /// Whether the pod's author has meant a node: one that only leaves out others has not meant the control plane.
    func means(_ node: Node) -> Bool {
        guard selects(node) else { return false }
        guard node.isControlPlane, spec.nodeSelector.isEmpty, let required = spec.affinity.requiredNodes else {
            return true
        }
        return required.terms.contains { term in
            term.matches(node)
                && (term.matchExpressions + term.matchFields).contains {
                    !["NotIn", "DoesNotExist"].contains($0.condition)
                }
        }
    }

    /// The taints that keep the pod off a node, without the one that only says that the node is cordoned.
    func untolerated(_ node: Node) -> [Taint] {
        node.taints.filter { taint in
            taint.effect != "PreferNoSchedule" && taint.key != "node.kubernetes.io/unschedulable"
                && !spec.tolerations.contains { $0.tolerates(taint) }
        }
    }
}

extension Node {
    /// Whether it runs the cluster itself, by the labels that the usual tools set.
    var isControlPlane: Bool {
        metadata.labels["node-role.kubernetes.io/control-plane"] != nil
            || metadata.labels["node-role.kubernetes.io/master"] != nil
            || ["master", "control-plane"].contains(metadata.labels["kubernetes.io/role"] ?? "")
    }
}

/// Taints in one line, as kubectl writes them.
enum TaintText {
    static func of(_ taints: [Taint]) -> String {
        taints.map { taint in taint.key + (taint.value.isEmpty ? "" : "=\(taint.value)") + ":\(taint.effect)" }
            .joined(separator: ", ")
    }
}
