// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The quota for the number of Services is used up, and one that is needed is missing.
    public static let serviceQuotaExceeded = CauseClass(rawValue: "ServiceQuotaExceeded")
}

/// A quota that leaves less of something than is needed.
struct QuotaShortage: Hashable {
    /// The quota.
    var quota: ResourceQuota
    /// What it bounds, such as `requests.cpu`.
    var resource: String
    /// The bound.
    var hard: Quantity
    /// How much is in use.
    var used: Quantity
    /// How much more is needed; nil if that is not known.
    var needed: Quantity?

    /// What is told of a quota for a resource.
    static func causeClass(of resource: String) -> CauseClass {
        switch resource {
        case let name where name.contains("storage") || name.contains("persistentvolumeclaims"): .storageQuotaExceeded
        case let name where name.hasPrefix("services") || name == "count/services": .serviceQuotaExceeded
        case let name where name.hasSuffix("cpu"): .cpuQuotaExceeded
        case let name where name.hasSuffix("memory"): .memoryQuotaExceeded
        case "pods", "count/pods": .podQuotaExceeded
        default: .resourceQuotaExceeded
        }
    }

    var causeClass: CauseClass { Self.causeClass(of: resource) }

    /// What the quota says of itself.
    var evidence: EvidenceItem {
        .field(
            "status.used[\(resource)]",
            of: quota.reference,
            "\(SizeText.of(used, resource)) of \(SizeText.of(hard, resource)) used"
                + (needed.map { ", \(SizeText.of($0, resource)) more needed" } ?? "")
        )
    }

    /// What is left.
    var remaining: Quantity { max(hard - used, .zero) }

    /// The bounds of a namespace that leave less than is needed, by the order of their names.
    ///
    /// A quota that counts only some pods says nothing here of a pod that is not stored.
    static func all(in namespace: String, needs: [String: Quantity], _ snapshot: Snapshot) -> [QuotaShortage] {
        bounds(in: namespace, snapshot) { needs[$0] != nil }
            .compactMap { bound in
                guard let need = needs[bound.resource], need > .zero, bound.remaining < need else { return nil }
                var bound = bound
                bound.needed = need
                return bound
            }
    }

    /// The bounds of a namespace on some resources, by the order of their names.
    static func bounds(
        in namespace: String,
        _ snapshot: Snapshot,
        where isMeant: (String) -> Bool
    ) -> [QuotaShortage] {
        snapshot.resourceQuotas.items(in: namespace)
            .filter { $0.scopes.isEmpty && $0.scopeSelector.isEmpty }
            .sorted { $0.metadata.name < $1.metadata.name }
            .flatMap { quota in
                // What is enforced is what the quota controller has seen; a new quota is enforced a moment later.
                (quota.enforced.isEmpty ? quota.hard : quota.enforced).sorted { $0.key < $1.key }
                    .filter { isMeant($0.key) }
                    .map { key, hard in
                        QuotaShortage(quota: quota, resource: key, hard: hard, used: quota.used[key] ?? .zero)
                    }
            }
    }

    /// What one more pod needs of a quota.
    static func needs(of pod: PodSpec) -> [String: Quantity] {
        var needs = ["pods": Quantity(1), "count/pods": Quantity(1)]
        for resource in ["cpu", "memory"] {
            let request = pod.requested(resource)
            needs["requests.\(resource)"] = request
            needs[resource] = request
            needs["limits.\(resource)"] = pod.total { $0.limit(of: resource) }
        }
        return needs
    }
}

extension PodSpec {
    /// How much of a resource the pod needs at its worst moment: its containers together, or its greediest init
    /// container.
    ///
    /// Init containers that keep running count with the containers.
    func total(_ amount: (Container) -> Quantity?) -> Quantity {
        let lasting = initContainers.filter { $0.restartPolicy == "Always" } + containers
        let together = lasting.reduce(Quantity.zero) { $0 + (amount($1) ?? .zero) }
        let initial = initContainers.filter { $0.restartPolicy != "Always" }.compactMap(amount).max() ?? .zero
        return max(together, initial)
    }

    /// How much of a resource the pod requests; where it names only a limit, the server takes that for the request.
    func requested(_ resource: String) -> Quantity {
        total { $0.request(of: resource) ?? $0.limit(of: resource) }
    }
}
