// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A PodDisruptionBudget lets nobody evict its pods, however well they are.
    public static let disruptionBudgetBlocksEviction = CauseClass(rawValue: "DisruptionBudgetBlocksEviction")
    /// A pod has several PodDisruptionBudgets, with which it cannot be evicted at all.
    public static let disruptionBudgetOverlap = CauseClass(rawValue: "DisruptionBudgetOverlap")
    /// The controller cannot tell how many pods a PodDisruptionBudget is about.
    public static let disruptionBudgetSyncFailed = CauseClass(rawValue: "DisruptionBudgetSyncFailed")
}

/// PodDisruptionBudgets that hold up a drain.
///
/// Until somebody drains a node they do no harm: they are named with confidence only if a node is cordoned that still has
/// pods of theirs.
struct DisruptionBudgetAnalyzer: Analyzer {
    func consults(in snapshot: Snapshot) -> [APIResource] {
        snapshot.podDisruptionBudgets.items.contains(where: Self.isTight) ? [Node.apiResource] : []
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        guard snapshot.isAboutEverything else { return [] }
        var holders: [ObjectReference: [PodDisruptionBudget]] = [:]
        var findings: [Finding] = []
        for budget in snapshot.podDisruptionBudgets.items where budget.metadata.deletionTimestamp == nil {
            let pods = Self.pods(of: budget, in: snapshot)
            for pod in pods { holders[pod.reference, default: []].append(budget) }
            if let finding = blocking(budget, pods, snapshot) ?? syncFailure(budget) { findings.append(finding) }
        }
        return findings + overlaps(holders, snapshot)
    }

    private static func pods(of budget: PodDisruptionBudget, in snapshot: Snapshot) -> [Pod] {
        // No selector selects nothing; an empty one selects all.
        guard let selector = budget.selector else { return [] }
        return snapshot.pods(matching: selector, in: budget.metadata.namespace ?? "").filter {
            $0.metadata.deletionTimestamp == nil && !["Succeeded", "Failed"].contains($0.status.phase)
        }
    }

    /// Whether all its pods are needed even though all are well.
    private static func isTight(_ budget: PodDisruptionBudget) -> Bool {
        guard let observed = budget.observedGeneration, observed >= budget.metadata.generation ?? 0 else {
            return false
        }
        return budget.disruptionsAllowed == 0 && budget.expectedPods > 0 && budget.currentHealthy >= budget.expectedPods
            && budget.desiredHealthy >= budget.expectedPods
    }

    /// A node that is being emptied and still has one of the pods.
    private static func drained(_ pods: [Pod], in snapshot: Snapshot) -> Node? {
        pods.lazy.compactMap { pod in pod.spec.nodeName.flatMap { snapshot.nodes[$0] } }.first(where: \.isUnschedulable)
    }

    private func blocking(_ budget: PodDisruptionBudget, _ pods: [Pod], _ snapshot: Snapshot) -> Finding? {
        guard Self.isTight(budget) else { return nil }
        let node = Self.drained(pods, in: snapshot)
        let limit =
            budget.maxUnavailable.map { "maxUnavailable \($0)" } ?? budget.minAvailable.map { "minAvailable \($0)" }
            ?? ""
        return cause(
            .disruptionBudgetBlocksEviction,
            budget,
            "with \(limit) and \(Count.text(budget.expectedPods, "pod")) none may ever be evicted"
                + (node.map { ", and node \($0.metadata.name) is being drained" } ?? ""),
            node == nil ? 0.4 : 0.8,
            "status.disruptionsAllowed",
            "0 of \(budget.currentHealthy) healthy pods",
            (node.map { [$0.reference] } ?? []) + owners(pods, snapshot)
        )
    }

    private func syncFailure(_ budget: PodDisruptionBudget) -> Finding? {
        guard let condition = budget.conditions.current("DisruptionAllowed", of: budget.metadata),
            condition.status == .false, condition.reason == "SyncFailed"
        else { return nil }
        return Finding(
            budget.reference,
            .disruptionBudgetSyncFailed,
            "its controller cannot tell which pods it is about",
            condition,
            confidence: 0.7,
            severity: .medium
        )
    }

    private func overlaps(_ holders: [ObjectReference: [PodDisruptionBudget]], _ snapshot: Snapshot) -> [Finding] {
        var seen: Set<String> = []
        return holders.sorted { $0.key.description < $1.key.description }.compactMap { reference, budgets in
            guard budgets.count > 1, let pod = snapshot.pod(reference.name, in: reference.namespace) else { return nil }
            let names = budgets.map(\.metadata.name).sorted()
            guard seen.insert("\(reference.namespace)/\(names)").inserted else { return nil }
            let node = Self.drained([pod], in: snapshot)
            return cause(
                .disruptionBudgetOverlap,
                budgets[0],
                "pods of \(snapshot.owner(of: pod).name) have the budgets \(names.joined(separator: ", ")), "
                    + "and with more than one none is evicted",
                node == nil ? 0.45 : 0.85,
                "spec.selector",
                names.joined(separator: ", "),
                budgets.dropFirst().map { $0.reference }
            )
        }
    }

    private func owners(_ pods: [Pod], _ snapshot: Snapshot) -> [ObjectReference] {
        var owners: [ObjectReference] = []
        for pod in pods.prefix(100) where !owners.contains(snapshot.owner(of: pod)) {
            owners.append(snapshot.owner(of: pod))
        }
        return owners
    }

    private func cause(
        _ causeClass: CauseClass,
        _ budget: PodDisruptionBudget,
        _ message: String,
        _ confidence: Double,
        _ path: String,
        _ text: String,
        _ related: [ObjectReference]
    ) -> Finding {
        let reference = budget.reference
        return Finding(
            causeClass: causeClass,
            object: reference,
            owner: reference,
            severity: .medium,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: [.field(path, of: reference, text)],
            related: related
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass] else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl -n \(cause.object.namespace) describe poddisruptionbudget \(cause.object.name)",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .disruptionBudgetBlocksEviction: (
            "Allow one disruption, or run one replica more",
            "Otherwise every drain waits until somebody deletes the pod."
        ),
        .disruptionBudgetOverlap: (
            "Leave the pods one budget", "The API server refuses to evict a pod for which several count."
        ),
        .disruptionBudgetSyncFailed: (
            "Look at who controls the pods", "Shares can only be counted of controllers that have a scale subresource."
        ),
    ]
}
