// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Synchronization

/// Keeps the tables over a snapshot's lists once somebody has asked for them.
///
/// Copies of a snapshot share it: their lists are the same until one of them changes, and then it gets another one.
final class SnapshotIndex: Sendable {
    /// Where things stand in the lists.
    ///
    /// Pods and workloads count on into the neighbours.
    struct Tables: Sendable {
        var workloadsByUID: [String: Int] = [:]
        var workloads: [ObjectKey: Int] = [:]
        var pods: [ObjectKey: Int] = [:]
        var podsByNode: [String: [Int]] = [:]
        var podsByNamespace: [String: [Int]] = [:]
        var podsByController: [String: [Int]] = [:]
        /// Newest first.
        var events: [ObjectKey: [Int]] = [:]
        /// By container, namespace and pod.
        var logs: [ObjectKey: [Int]] = [:]
    }

    private let tables = Mutex<Tables?>(nil)
    private let complaints = Mutex<[Complaint]?>(nil)
    private let containers = Mutex<[ContainerView]?>(nil)

    /// The tables, which the closure makes if nobody has asked before.
    func tables(_ make: () -> Tables) -> Tables {
        tables.withLock { tables in
            if let tables { return tables }
            let made = make()
            tables = made
            return made
        }
    }

    /// The containers of the pods, which the closure finds if nobody has asked before.
    func containers(_ make: () -> [ContainerView]) -> [ContainerView] {
        containers.withLock { containers in
            if let containers { return containers }
            let made = make()
            containers = made
            return made
        }
    }

    /// What the logs complain about, which the closure finds if nobody has asked before.
    func complaints(_ make: () -> [Complaint]) -> [Complaint] {
        complaints.withLock { complaints in
            if let complaints { return complaints }
            let made = make()
            complaints = made
            return made
        }
    }
}

extension Snapshot {
    var tables: SnapshotIndex.Tables { index.tables { makeTables() } }

    private func makeTables() -> SnapshotIndex.Tables {
        var tables = SnapshotIndex.Tables()
        for position in 0..<(workloads.count + neighbourWorkloads.count) {
            let workload = workload(at: position)
            if let uid = workload.metadata.uid, !uid.isEmpty { tables.workloadsByUID[uid] = position }
            tables.workloads[ObjectKey(kind: workload.kind, workload.metadata)] = position
        }
        for position in 0..<(pods.count + neighbourPods.count) {
            let pod = pod(at: position)
            let key = ObjectKey(kind: Pod.apiResource.kind, pod.metadata)
            tables.pods[key] = position
            tables.podsByNamespace[key.namespace, default: []].append(position)
            if let uid = pod.metadata.controllerReference?.uid {
                tables.podsByController[uid, default: []].append(position)
            }
            if let node = pod.spec.nodeName, !node.isEmpty { tables.podsByNode[node, default: []].append(position) }
        }
        for (position, event) in events.enumerated() {
            tables.events[ObjectKey(event.involvedObject), default: []].append(position)
        }
        let beginning = Timestamp(seconds: 0)
        for key in tables.events.keys {
            tables.events[key]?.sort { (events[$0].lastSeen ?? beginning) > (events[$1].lastSeen ?? beginning) }
        }
        for (position, log) in logs.enumerated() {
            let key = ObjectKey(kind: log.container, namespace: log.namespace, name: log.pod)
            tables.logs[key, default: []].append(position)
        }
        return tables
    }

    func workload(at position: Int) -> Workload {
        position < workloads.count ? workloads[position] : neighbourWorkloads[position - workloads.count]
    }

    func pod(at position: Int) -> Pod {
        position < pods.count ? pods[position] : neighbourPods[position - pods.count]
    }
}
