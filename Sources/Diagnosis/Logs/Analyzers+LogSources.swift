// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension Analyzers {
    /// Containers whose log is worth reading whatever else is known: those that fail, hang or are not ready.
    public static func logSources(in snapshot: Snapshot) -> [ContainerView] {
        let containers = ContainerView.all(in: snapshot)
        let failing = containers.filter {
            $0.currentTermination != nil || $0.isBackingOff || InitContainerAnalyzer.isStuck($0)
        }
        let unready = containers.filter {
            !$0.isInit && !$0.status.isReady && $0.status.state.running != nil && $0.currentTermination == nil
        }
        return failing + unready
    }

    /// Containers that do well by all that is known so far, and whose logs may still tell why something does not work.
    ///
    /// One pod of each workload, and the pods of databases, which tell of all their clients. It is empty once a cause is
    /// known: then nobody has to look further.
    /// - Parameter limit: the most containers.
    public static func logSample(in snapshot: Snapshot, limit: Int) -> [ContainerView] {
        let isExplained = findings(in: snapshot).contains {
            $0.isCause && $0.confidence >= Conclusion.namingThreshold && !$0.causeClass.isGeneral
        }
        guard !isExplained else { return [] }
        var seen: Set<ObjectReference> = []
        var sample: [ContainerView] = []
        for pod in snapshot.pods where pod.metadata.deletionTimestamp == nil && sample.count < limit {
            let isDatabase = pod.spec.containers.contains { DatabaseKind.served(by: $0) != nil }
            guard seen.insert(snapshot.owner(of: pod)).inserted || isDatabase else { continue }
            sample += ContainerView.all(of: pod, takenAt: snapshot.takenAt).filter {
                !$0.isInit && $0.status.state.running != nil
                    && snapshot.logs(of: $0.status.name, in: pod).isEmpty
            }
        }
        return Array(sample.prefix(limit))
    }
}
