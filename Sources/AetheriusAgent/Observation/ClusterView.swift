// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime

/// What a cluster is like at one moment, as an agent's caches have it.
struct ClusterView {
    /// How long something may be on its way before it counts as unhealthy.
    static let startingTime = Duration.seconds(120)

    let observation: TargetObservation
    private let now: Timestamp
    private let namespaces: ClusterAgent.NamespaceSelection
    private let owners: OwnerResolver
    /// The pods that are not as they should be, by the workload that they belong to.
    private let unwell: [ObjectReference: [ObservedPod]]

    init(_ observation: TargetObservation, namespaces: ClusterAgent.NamespaceSelection, at now: Timestamp) {
        self.observation = observation
        self.namespaces = namespaces
        self.now = now
        let owners = OwnerResolver(observation)
        self.owners = owners
        var unwell: [ObjectReference: [ObservedPod]] = [:]
        for pod in observation.unwellPods where pod.phase != "Succeeded" {
            unwell[Self.identity(owners.owner(of: pod)), default: []].append(pod)
        }
        self.unwell = unwell
    }

    /// Without the UID: who reports an event does not always know it.
    private static func identity(_ reference: ObjectReference) -> ObjectReference {
        ObjectReference(kind: reference.kind, namespace: reference.namespace, name: reference.name)
    }

    private func isLooked(_ metadata: ObjectMeta) -> Bool {
        metadata.namespace.map { namespaces.contains($0) } ?? true
    }

    // MARK: Unhealthy objects

    /// Everything that is unhealthy, the worst first.
    func unhealthy() -> [ClusterAgent.UnhealthyObject] {
        var found: [ObjectReference: ClusterAgent.UnhealthyObject] = [:]
        for (owner, pods) in unwell where namespaces.contains(owner.namespace) {
            guard let worst = worstTrouble(of: pods) else { continue }
            found[owner] = worst.object
        }
        addWorkloads(observation.deployments.store, to: &found)
        addWorkloads(observation.statefulSets.store, to: &found)
        addWorkloads(observation.daemonSets.store, to: &found)
        addWorkloads(observation.jobs.store, to: &found)
        for node in observation.nodes.store.list() { add(node, to: &found) }
        for claim in observation.claims.store.list() where isLooked(claim.metadata) { add(claim, to: &found) }
        return found.values.sorted(by: Self.isWorse)
    }

    private static func isWorse(_ left: ClusterAgent.UnhealthyObject, _ right: ClusterAgent.UnhealthyObject) -> Bool {
        let (first, second) = (left.severity ?? .low, right.severity ?? .low)
        if first != second { return first > second }
        if left.since != right.since { return left.since ?? .now < right.since ?? .now }
        return left.object.description < right.object.description
    }

    private func worstTrouble(of pods: [ObservedPod]) -> (object: ClusterAgent.UnhealthyObject, pod: ObservedPod)? {
        let troubled = pods.compactMap { pod in trouble(of: pod).map { (pod, $0) } }
        let worst = troubled.max { left, right in
            let severities = [left, right].map { Self.severity($0.1.reason) }
            if severities[0] != severities[1] { return severities[0] < severities[1] }
            return left.0.metadata.name > right.0.metadata.name
        }
        guard let (pod, trouble) = worst else { return nil }
        return (unhealthy(owners.owner(of: pod), trouble, since: pod.metadata.creationTimestamp), pod)
    }

    /// A pod that takes too long to start is in trouble, although nothing says so.
    private func trouble(of pod: ObservedPod) -> ObservedPod.Trouble? {
        if pod.trouble?.reason == "Unready" || pod.trouble == nil {
            let age = now.since(pod.metadata.creationTimestamp ?? now)
            guard age >= Self.startingTime, pod.metadata.deletionTimestamp == nil else { return nil }
            return pod.trouble
                ?? .init(reason: "Pending", message: "the pod has not started for \(age.components.seconds) seconds")
        }
        return pod.trouble
    }

    private func addWorkloads<Kind: WorkloadKind>(
        _ store: Store<ObservedWorkload<Kind>>,
        to found: inout [ObjectReference: ClusterAgent.UnhealthyObject]
    ) {
        for workload in store.list() where !workload.isHealthy && isLooked(workload.metadata) {
            let owner = owners.owner(of: workload.reference) ?? workload.reference
            let identity = Self.identity(owner)
            guard found[identity] == nil, now.since(workload.metadata.creationTimestamp ?? now) >= Self.startingTime
            else { continue }
            let missing = "\(workload.available) of \(workload.wanted ?? 0) pods are available"
            let trouble = workload.trouble ?? .init(reason: "ReplicasUnavailable", message: missing)
            found[identity] = unhealthy(owner, trouble, since: workload.metadata.creationTimestamp)
        }
    }

    private func add(_ node: ObservedNode, to found: inout [ObjectReference: ClusterAgent.UnhealthyObject]) {
        guard let trouble = node.trouble else { return }
        let reference = ObjectReference(apiVersion: "v1", kind: "Node", name: node.metadata.name)
        found[reference] = unhealthy(reference, trouble, since: nil)
    }

    private func add(_ claim: ObservedClaim, to found: inout [ObjectReference: ClusterAgent.UnhealthyObject]) {
        let isLate = now.since(claim.metadata.creationTimestamp ?? now) >= Self.startingTime
        guard claim.phase == "Lost" || claim.phase == "Pending" && isLate else { return }
        let reference = ObjectReference(
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            namespace: claim.metadata.namespace ?? "",
            name: claim.metadata.name
        )
        let trouble = ObservedPod.Trouble(
            reason: claim.phase == "Lost" ? "ClaimLost" : "ClaimPending",
            message: claim.phase == "Lost" ? "its volume is gone" : "it is not bound to a volume"
        )
        found[Self.identity(reference)] = unhealthy(reference, trouble, since: claim.metadata.creationTimestamp)
    }

    private func unhealthy(
        _ object: ObjectReference,
        _ trouble: ObservedPod.Trouble,
        since: Timestamp?
    ) -> ClusterAgent.UnhealthyObject {
        var object = object
        object.uid = nil
        return ClusterAgent.UnhealthyObject(
            object: object,
            reason: trouble.reason,
            severity: Self.severity(trouble.reason),
            message: trouble.message.isEmpty ? nil : trouble.message,
            since: since?.wholeSeconds
        )
    }

    private static func severity(_ reason: String) -> Severity { ReasonTable.severities[reason] ?? ReasonTable.other }

    // MARK: Present state

    /// What an object is like now.
    func state(of object: ObjectReference) -> PresentState {
        let key = ObjectKey(namespace: object.namespace, name: object.name)
        func state<Kind: WorkloadKind>(_ informer: Informer<ObservedWorkload<Kind>>) -> PresentState {
            guard informer.hasSynced, isReadable(Kind.resource) else { return .unknown }
            guard let workload = informer.store[key] else { return .gone }
            return workload.isHealthy && unwell[Self.identity(object)] == nil ? .healthy : .unhealthy
        }
        switch object.kind {
        case "Deployment": return state(observation.deployments)
        case "StatefulSet": return state(observation.statefulSets)
        case "DaemonSet": return state(observation.daemonSets)
        case "Job": return state(observation.jobs)
        case "Pod":
            guard observation.pods.hasSynced, isReadable(Pod.apiResource) else { return .unknown }
            guard let pod = observation.pods.store[key] else { return .gone }
            return pod.isWell ? .healthy : .unhealthy
        case "Node":
            guard observation.nodes.hasSynced, isReadable(Node.apiResource) else { return .unknown }
            guard let node = observation.nodes.store.get(object.name) else { return .gone }
            return node.trouble == nil ? .healthy : .unhealthy
        case "PersistentVolumeClaim":
            guard observation.claims.hasSynced, isReadable(PersistentVolumeClaim.apiResource) else { return .unknown }
            guard let claim = observation.claims.store[key] else { return .gone }
            return claim.phase == "Bound" ? .healthy : .unhealthy
        default: return unwell[Self.identity(object)] == nil ? .unknown : .unhealthy
        }
    }

    private func isReadable(_ resource: APIResource) -> Bool { observation.health.isReadable(resource.plural) }
}
