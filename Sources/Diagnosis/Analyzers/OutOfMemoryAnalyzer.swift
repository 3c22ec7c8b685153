// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The kernel kills the container because it uses more memory than its limit.
    public static let outOfMemory = CauseClass(rawValue: "OOMKilled")
}

/// Containers that are killed at their memory limit.
struct OutOfMemoryAnalyzer: Analyzer {
    /// Whether the runtime says that the kernel killed the container for memory.
    static func isMemoryKill(_ termination: ContainerState.Terminated) -> Bool { termination.reason == "OOMKilled" }

    func findings(in snapshot: Snapshot) -> [Finding] {
        ContainerView.all(in: snapshot).compactMap { container in
            guard let termination = container.currentTermination, Self.isMemoryKill(termination),
                !JobAttempts.isHistory(container.pod, in: snapshot)
            else { return nil }
            let name = container.status.name
            let limit = container.spec.limits["memory"]
            return Finding(
                causeClass: .outOfMemory,
                object: container.pod.reference,
                owner: snapshot.owner(of: container.pod),
                container: name,
                severity: .high,
                message: limit.map {
                    "\(container.title) is killed because it needs more than its memory limit of \($0)"
                }
                    ?? "\(container.title) is killed because its node has no memory left; it has no limit of its own",
                confidence: 0.95,
                isCause: true,
                evidence: evidence(container, termination, limit)
            )
        }
    }

    private func evidence(
        _ container: ContainerView,
        _ termination: ContainerState.Terminated,
        _ limit: String?
    ) -> [EvidenceItem] {
        let name = container.status.name
        return [
            EvidenceItem(
                kind: .object,
                source: container.statusPath,
                object: container.pod.reference,
                text: "terminated with reason OOMKilled, exit code \(termination.exitCode), "
                    + "\(Count.text(container.status.restartCount, "restart"))"
            ),
            EvidenceItem(
                kind: .object,
                source: "spec.\(container.isInit ? "initContainers" : "containers")[\(name)].resources.limits",
                object: container.pod.reference,
                text: "memory: \(limit ?? "no limit")"
            ),
        ]
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .outOfMemory else { return [] }
        let owner = cause.object
        let container = cause.container ?? ""
        return [
            Recommendation(
                title: "Find out what the process needs",
                description: "Compare the use before the kill with the limit. A use that grows without end is a leak: "
                    + "a higher limit only delays the next kill.",
                command: "kubectl -n \(owner.namespace) top pod --containers",
                risk: .none
            ),
            Recommendation(
                title: "Raise the memory limit of container \(container)",
                description: "Only if the process really needs more. The change replaces the pods.",
                command: "kubectl -n \(owner.namespace) set resources \(owner.kind.lowercased())/\(owner.name) "
                    + "-c \(container) --limits=memory=<more than now>",
                risk: .medium
            ),
        ]
    }
}
