// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The Service that gives the pods of a StatefulSet their names does not exist.
    public static let governingServiceNotFound = CauseClass(rawValue: "GoverningServiceNotFound")
    /// A storage class that claims name does not exist.
    public static let storageClassNotFound = CauseClass(rawValue: "StorageClassNotFound")
    /// A pod of a StatefulSet is not ready, and the later ones wait for it: a symptom.
    public static let statefulSetOrdinalBlocked = CauseClass(rawValue: "StatefulSetOrdinalBlocked")
}

/// StatefulSets: what they name and is not there, and the pod that holds up the others.
struct StatefulSetAnalyzer: Analyzer {
    func lookups(in snapshot: Snapshot) -> [ObjectReference] {
        sets(in: snapshot).flatMap { set -> [ObjectReference] in
            let service = set.serviceName.isEmpty ? [] : [Self.service(of: set)]
            return service + (set.isShortOfReadyPods ? set.claimStorageClasses.map(Self.storageClass) : [])
        }
    }

    private func sets(in snapshot: Snapshot) -> [Workload] {
        snapshot.workloads.filter { $0.kind == "StatefulSet" && $0.metadata.deletionTimestamp == nil }
    }

    private static func service(of set: Workload) -> ObjectReference {
        ObjectReference(
            apiVersion: "v1",
            kind: "Service",
            namespace: set.metadata.namespace ?? "",
            name: set.serviceName
        )
    }

    private static func storageClass(_ name: String) -> ObjectReference {
        ObjectReference(apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name: name)
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        sets(in: snapshot).flatMap { set in
            [missingService(set, in: snapshot), blockedOrdinal(set, in: snapshot)].compactMap(\.self)
                + missingClasses(set, in: snapshot)
        }
    }

    private func missingService(_ set: Workload, in snapshot: Snapshot) -> Finding? {
        let service = Self.service(of: set)
        guard !set.serviceName.isEmpty, snapshot.exists(service) == false else { return nil }
        let isAskedFor = snapshot.complaints.contains { complaint in
            complaint.name.flatMap { Self.governed(by: $0, from: complaint.container.pod, in: snapshot) }?.name
                == set.metadata.name
        }
        return cause(
            .governingServiceNotFound,
            set,
            message: "Service \(set.serviceName), which gives its pods their host names, does not exist",
            // The pods start without it; only those who ask for them by name do not find them.
            confidence: isAskedFor ? 0.93 : set.isShortOfReadyPods ? 0.7 : 0.6,
            missing: service
        )
    }

    /// The StatefulSet whose Service would give a name, and does not exist: "db-0.db" or "db".
    static func governed(by name: String, from pod: Pod, in snapshot: Snapshot) -> ObjectReference? {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let places = [labels, Array(labels.dropFirst())].compactMap { rest -> (service: String, namespace: String)? in
            guard let service = rest.first, !service.isEmpty else { return nil }
            return (service, rest.count > 1 ? rest[1] : pod.metadata.namespace ?? "")
        }
        let set = snapshot.workloads.first { set in
            set.kind == "StatefulSet" && !set.serviceName.isEmpty
                && places.contains { $0.service == set.serviceName && $0.namespace == set.metadata.namespace }
        }
        guard let set, snapshot.exists(service(of: set)) == false else { return nil }
        return set.reference
    }

    private func missingClasses(_ set: Workload, in snapshot: Snapshot) -> [Finding] {
        guard set.isShortOfReadyPods else { return [] }
        return Set(set.claimStorageClasses).sorted()
            .filter { !$0.isEmpty && snapshot.exists(Self.storageClass($0)) == false }
            .map { name in
                cause(
                    .storageClassNotFound,
                    set,
                    message: "StorageClass \(name), which its claims name, does not exist",
                    confidence: 0.97,
                    missing: Self.storageClass(name)
                )
            }
    }

    private func cause(
        _ causeClass: CauseClass,
        _ set: Workload,
        message: String,
        confidence: Double,
        missing: ObjectReference
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: set.reference,
            owner: set.reference,
            severity: set.isShortOfReadyPods ? .high : .medium,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: [.field("metadata", of: missing, "there is no such object")],
            related: [missing]
        )
    }

    /// Pods are started one after the other: the first that is not ready is the one to look at.
    private func blockedOrdinal(_ set: Workload, in snapshot: Snapshot) -> Finding? {
        guard set.podManagementPolicy != "Parallel", set.isShortOfReadyPods,
            set.status.replicas < set.wantedReplicas ?? 0
        else { return nil }
        let pods = snapshot.pods.filter { $0.metadata.controllerReference?.uid == set.metadata.uid }
        let first = pods.filter { !$0.status.isReady }
            .min { Self.ordinal(of: $0) ?? .max < Self.ordinal(of: $1) ?? .max }
        guard let first, let ordinal = Self.ordinal(of: first) else { return nil }
        return Finding(
            causeClass: .statefulSetOrdinalBlocked,
            object: set.reference,
            owner: set.reference,
            severity: .medium,
            message: "the pod with ordinal \(ordinal) is not ready, and the later ones wait for it",
            confidence: 0.9,
            isCause: false,
            evidence: [.field("status.phase", of: first.reference, first.status.phase)]
        )
    }

    private static func ordinal(of pod: Pod) -> Int? {
        pod.metadata.name.split(separator: "-").last.flatMap { Int($0) }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        switch cause.causeClass {
        case .governingServiceNotFound:
            [
                Recommendation(
                    title: "Create the headless Service, or correct spec.serviceName",
                    description: "It has clusterIP None and selects the pods of the StatefulSet.",
                    command: "kubectl -n \(cause.object.namespace) get services",
                    risk: .none
                )
            ]
        default: []
        }
    }
}

extension Workload {
    /// Whether fewer pods are ready than wanted.
    var isShortOfReadyPods: Bool { wantedReplicas.map { readyReplicas < $0 } ?? false }
}
