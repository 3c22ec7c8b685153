// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Whether the NetworkPolicies of a snapshot let traffic through.
///
/// Policies add up: a pod that none selects is open, one that some select admits what any of them allows. Whatever cannot
/// be decided from what was read counts as allowed.
struct NetworkReach {
    private let snapshot: Snapshot

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// The policies that keep a pod from sending to another one; empty if it may.
    ///
    /// - Parameter port: the number on which the other one is asked; nil if it is not known.
    func egressBlocks(from client: Pod, to server: Pod, port: Int?, transport: String = "TCP") -> [NetworkPolicy] {
        let policies = policies(for: client).filter(\.restrictsEgress)
        let isAllowed = policies.contains { policy in
            policy.egress.contains { rule in
                allows(rule.to, server, policy) && allows(rule.ports, port, transport, server)
            }
        }
        return isAllowed ? [] : policies
    }

    /// The policies that keep a pod from being asked by another one; empty if it may be.
    func ingressBlocks(from client: Pod, to server: Pod, port: Int?, transport: String = "TCP") -> [NetworkPolicy] {
        let policies = policies(for: server).filter(\.restrictsIngress)
        let isAllowed = policies.contains { policy in
            policy.ingress.contains { rule in
                allows(rule.from, client, policy) && allows(rule.ports, port, transport, server)
            }
        }
        return isAllowed ? [] : policies
    }

    /// The policies that keep a pod from asking anybody on a port; empty if there is anybody whom it may ask.
    func egressBlocks(from client: Pod, port: Int, transports: [String]) -> [NetworkPolicy] {
        let policies = policies(for: client).filter(\.restrictsEgress)
        let isAllowed = policies.contains { policy in
            policy.egress.contains { rule in
                rule.ports.isEmpty
                    || rule.ports.contains { allowed in
                        transports.contains(allowed.transport) && covers(allowed, port, nil)
                    }
            }
        }
        return isAllowed ? [] : policies
    }

    /// The policies of a pod's namespace that select it; pods in the network of their node have none.
    private func policies(for pod: Pod) -> [NetworkPolicy] {
        guard !pod.spec.usesHostNetwork else { return [] }
        return snapshot.networkPolicies.items(in: pod.metadata.namespace ?? "").filter {
            $0.podSelector.matches(pod.metadata.labels)
        }
    }

    // MARK: Peers

    /// No peers are all peers.
    private func allows(_ peers: [NetworkPolicyPeer], _ pod: Pod, _ policy: NetworkPolicy) -> Bool {
        peers.isEmpty || peers.contains { matches($0, pod, policy) }
    }

    private func matches(_ peer: NetworkPolicyPeer, _ pod: Pod, _ policy: NetworkPolicy) -> Bool {
        if let cidr = peer.cidr {
            guard let address = AddressRange.address(pod.status.podIP), let range = AddressRange(cidr) else {
                return true
            }
            return range.contains(address) && !peer.except.contains { AddressRange($0)?.contains(address) ?? false }
        }
        // The addresses of the nodes are outside of what pod selectors are about.
        guard !pod.spec.usesHostNetwork else { return true }
        let isSamePlace = pod.metadata.namespace == policy.metadata.namespace
        if let selector = peer.namespaceSelector {
            guard let namespace = snapshot.namespaces[pod.metadata.namespace ?? ""] else {
                // Every namespace has its name as a label, whatever else it has.
                let named = selector.matchLabels["kubernetes.io/metadata.name"]
                guard selector.isEmpty || named == nil || named == pod.metadata.namespace else { return false }
                return peer.podSelector?.matches(pod.metadata.labels) ?? true
            }
            var labels = namespace.metadata.labels
            labels["kubernetes.io/metadata.name"] = namespace.metadata.name
            guard selector.matches(labels) else { return false }
        } else if !isSamePlace {
            return false
        }
        return peer.podSelector?.matches(pod.metadata.labels) ?? true
    }

    // MARK: Ports

    /// No ports are all ports.
    private func allows(_ ports: [NetworkPolicyPort], _ port: Int?, _ transport: String, _ server: Pod) -> Bool {
        guard !ports.isEmpty, let port else { return true }
        return ports.contains { $0.transport == transport && covers($0, port, server) }
    }

    private func covers(_ allowed: NetworkPolicyPort, _ port: Int, _ server: Pod?) -> Bool {
        switch allowed.port {
        case nil: return true
        case .int(let first): return (first...max(first, allowed.endPort ?? first)).contains(port)
        case .string(let name):
            guard let server else { return true }
            return server.spec.containers.flatMap(\.ports).contains { $0.name == name && $0.number == port }
        }
    }
}

/// Addresses in CIDR notation, of IPv4 only: whoever asks about others gets no answer.
struct AddressRange: Hashable {
    private let first: UInt32
    private let mask: UInt32

    init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let address = Self.address(String(parts[0])), let length = Int(parts[1]),
            (0...32).contains(length)
        else { return nil }
        mask = length == 0 ? 0 : UInt32.max << UInt32(32 - length)
        first = address & mask
    }

    func contains(_ address: UInt32) -> Bool { address & mask == first }

    static func address(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let part else { return nil }
            address = address << 8 | UInt32(part)
        }
        return address
    }
}
