// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Which pods and workloads stand behind the Services of a snapshot.
///
/// A table over the pods' labels makes each question cheap: a cluster has thousands of Services and pods.
struct ServiceBackends {
    private struct Label: Hashable {
        var namespace: String
        var key: String
        var value: String
    }

    private let pods: [Pod]
    private let workloads: [Workload]
    private let snapshot: Snapshot
    private var podsByLabel: [Label: [Int]] = [:]
    private var workloadsByNamespace: [String: [Int]] = [:]

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        pods = snapshot.allPods
        workloads = snapshot.allWorkloads
        for (position, pod) in pods.enumerated() {
            // What is going away, and what has ended, gets no traffic.
            guard pod.metadata.deletionTimestamp == nil, !["Succeeded", "Failed"].contains(pod.status.phase) else {
                continue
            }
            for (key, value) in pod.metadata.labels {
                podsByLabel[Label(namespace: pod.metadata.namespace ?? "", key: key, value: value), default: []]
                    .append(position)
            }
        }
        for (position, workload) in workloads.enumerated() where workload.metadata.controllerReference == nil {
            guard workload.metadata.deletionTimestamp == nil, !workload.templateLabels.isEmpty else { continue }
            workloadsByNamespace[workload.metadata.namespace ?? "", default: []].append(position)
        }
    }

    /// The pods that a Service selects; none if it selects nothing by itself.
    func pods(behind service: Service) -> [Pod] {
        let namespace = service.metadata.namespace ?? ""
        let positions = service.selector
            .map { podsByLabel[Label(namespace: namespace, key: $0.key, value: $0.value)] ?? [] }
            .min { $0.count < $1.count }
        return (positions ?? []).map { pods[$0] }.filter { pod in
            service.selector.allSatisfy { pod.metadata.labels[$0.key] == $0.value }
        }
    }

    /// The workloads of a namespace that nothing else controls.
    func workloads(in namespace: String) -> [Workload] { (workloadsByNamespace[namespace] ?? []).map { workloads[$0] } }

    /// The workloads whose pods a Service selects, whether or not they have any.
    func workloads(behind service: Service) -> [Workload] {
        guard !service.selector.isEmpty else { return [] }
        let positions = workloadsByNamespace[service.metadata.namespace ?? ""] ?? []
        return positions.filter { service.selects(workloads[$0].templateLabels) }.map { workloads[$0] }
    }

    /// One pod of each owner, the first in the order of names.
    func representatives(of pods: [Pod]) -> [Pod] {
        var seen: Set<String> = []
        return pods.sorted { $0.metadata.name < $1.metadata.name }.filter {
            seen.insert(snapshot.owner(of: $0).description).inserted
        }
    }
}

extension Service {
    /// Whether something with these labels stands behind it.
    func selects(_ labels: [String: String]) -> Bool {
        !selector.isEmpty && selector.allSatisfy { labels[$0.key] == $0.value }
    }

    /// Whether its name resolves to its pods, so that its clients ask the pods' own ports.
    var isHeadless: Bool { clusterIP == "None" }

    /// The selector, for people.
    var selectorText: String {
        selector.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
}

extension Snapshot {
    /// Whether the question is about all that a namespace or the cluster has.
    var isAboutEverything: Bool { subject.map { $0.kind == Namespace.apiResource.kind } ?? true }

    /// Whether all pods of a namespace were seen, so that absence means something.
    func knowsPods(in namespace: String) -> Bool {
        coverage[Pod.apiResource.kind, default: .nothing].includes(namespace)
    }

    /// Whether a workload belongs to what the question is about.
    func isSubject(_ workload: Workload) -> Bool {
        isAboutEverything
            || workloads.contains { $0.kind == workload.kind && $0.metadata.name == workload.metadata.name }
    }

    /// Whether a pod belongs to what the question is about.
    func isSubject(_ pod: Pod) -> Bool {
        isAboutEverything || pods.contains { $0.metadata.name == pod.metadata.name }
    }
}
