// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A Service's selector does not match the pods that it is meant for.
    public static let serviceSelectorMismatch = CauseClass(rawValue: "ServiceSelectorMismatch")
    /// A Service has no pods, ready or not: a symptom of what keeps its workload from having any.
    public static let serviceWithoutPods = CauseClass(rawValue: "ServiceWithoutPods")
    /// None of the pods behind a Service is ready: a symptom.
    public static let serviceWithoutReadyPods = CauseClass(rawValue: "ServiceWithoutReadyPods")
}

/// Services that lead nowhere because of what they select.
///
/// A selector that matches no pod is the Service's fault only if some workload is recognizable as the one that is meant:
/// otherwise it may just as well wait for pods that are still to come.
struct ServiceSelectorAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        guard !snapshot.services.items.isEmpty else { return [] }
        let backends = ServiceBackends(snapshot)
        var candidates: [String: ServiceCandidates] = [:]
        return snapshot.services.items.compactMap { service in
            let namespace = service.metadata.namespace ?? ""
            guard !service.selector.isEmpty, service.type != "ExternalName", service.metadata.deletionTimestamp == nil,
                snapshot.knowsPods(in: namespace)
            else { return nil }
            func known() -> ServiceCandidates {
                if let known = candidates[namespace] { return known }
                let made = ServiceCandidates(namespace, backends, snapshot)
                candidates[namespace] = made
                return made
            }
            let pods = backends.pods(behind: service)
            guard pods.isEmpty else {
                return pods.contains(where: \.status.isReady)
                    ? foreign(service, pods, snapshot, known)
                    : unready(service, pods, snapshot)
            }
            // Somebody else fills in its endpoints, or pods went while the objects were read.
            guard snapshot.endpoints[service.metadata.name, in: namespace]?.hasReadyAddress != true else { return nil }
            let awaited = backends.workloads(behind: service)
            guard awaited.isEmpty else { return empty(service, awaited, snapshot) }
            return (isRole(service, snapshot) ? nil : mismatch(service, known(), snapshot))
                ?? empty(service, [], snapshot)
        }
    }

    // MARK: Faults

    private func mismatch(_ service: Service, _ candidates: ServiceCandidates, _ snapshot: Snapshot) -> Finding? {
        guard let best = candidates.best(for: service), best.score >= 0.5,
            snapshot.isAboutEverything || best.isSubject
        else { return nil }
        return cause(
            service,
            best.reference,
            confidence: min(best.score, 0.95),
            message: "its selector \(service.selectorText) matches no pod; those of \(best.reference.kind) "
                + "\(best.reference.name) have \(best.differenceText(from: service))"
        )
    }

    /// A Service whose pods are those of another app, which has a Service of its own, while the app of its name has none.
    private func foreign(
        _ service: Service,
        _ pods: [Pod],
        _ snapshot: Snapshot,
        _ known: () -> ServiceCandidates
    ) -> Finding? {
        let named = ["Deployment", "StatefulSet", "DaemonSet"].lazy.compactMap { kind in
            snapshot.workload(kind, service.metadata.name, in: service.metadata.namespace ?? "")
        }.first
        guard let meant = named ?? labelled(service, snapshot), !meant.templateLabels.isEmpty, meant.readyReplicas > 0,
            !service.selects(meant.templateLabels), snapshot.isSubject(meant)
        else { return nil }
        let owners = Set(pods.map { snapshot.owner(of: $0).name })
        let services = known().services.filter { $0.metadata.name != service.metadata.name }
        let isServed = services.contains { $0.selects(meant.templateLabels) }
        // The others have a Service of their name, or one that was made for them by a label.
        let hasOwnServices = pods.allSatisfy { pod in
            let owner = snapshot.owner(of: pod).name
            return services.contains { other in
                other.metadata.name == owner
                    || named == nil && other.selects(pod.metadata.labels)
                        && other.selector.values.contains(other.metadata.name)
            }
        }
        let isRelated = owners.contains { $0.hasPrefix(service.metadata.name) || service.metadata.name.hasPrefix($0) }
        guard !isServed, hasOwnServices, !isRelated else { return nil }
        return cause(
            service,
            meant.reference,
            confidence: 0.8,
            message:
                "its selector \(service.selectorText) matches the pods of \(owners.sorted().joined(separator: ", ")), "
                + "and not those of \(meant.kind) \(meant.metadata.name)"
        )
    }

    /// The one workload whose pods carry the Service's name in a label by which the Service selects.
    private func labelled(_ service: Service, _ snapshot: Snapshot) -> Workload? {
        let namespace = service.metadata.namespace ?? ""
        let meant = snapshot.workloads.filter { workload in
            ["Deployment", "StatefulSet", "DaemonSet"].contains(workload.kind)
                && workload.metadata.namespace ?? "" == namespace
                && service.selector.keys.contains { workload.templateLabels[$0] == service.metadata.name }
        }
        return meant.count == 1 ? meant[0] : nil
    }

    /// Whether a Service waits for a part that pods take while they run: whoever gives it to them labels them for it, and
    /// another Service is there for those that have another one.
    private func isRole(_ service: Service, _ snapshot: Snapshot) -> Bool {
        let namespace = service.metadata.namespace ?? ""
        let others = snapshot.services.items(in: namespace).filter { $0.metadata.name != service.metadata.name }
        return service.selector.contains { key, value in
            snapshot.pods(in: namespace).contains { pod in
                guard let present = pod.metadata.labels[key], present != value,
                    others.contains(where: { $0.selector[key] == present && $0.selects(pod.metadata.labels) })
                else { return false }
                let owner = snapshot.owner(of: pod)
                guard let workload = snapshot.workload(owner.kind, owner.name, in: namespace),
                    workload.templateLabels[key] == nil
                else { return false }
                // Apart from its part it is a pod as the Service wants it.
                return service.selector.allSatisfy { $0.key == key || pod.metadata.labels[$0.key] == $0.value }
            }
        }
    }

    private func cause(
        _ service: Service,
        _ workload: ObjectReference,
        confidence: Double,
        message: String
    ) -> Finding {
        Finding(
            causeClass: .serviceSelectorMismatch,
            object: service.reference,
            owner: service.reference,
            severity: .high,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: [.field("spec.selector", of: service.reference, service.selectorText)],
            related: [workload]
        )
    }

    // MARK: Symptoms

    private func empty(_ service: Service, _ awaited: [Workload], _ snapshot: Snapshot) -> Finding? {
        let isOwn = awaited.contains { snapshot.isSubject($0) } || (awaited.isEmpty && snapshot.isAboutEverything)
        guard isOwn else { return nil }
        return symptom(
            .serviceWithoutPods,
            service,
            awaited.map(\.reference),
            awaited.isEmpty
                ? "no pod and no workload matches its selector \(service.selectorText)"
                : "no pod matches its selector; \(awaited[0].kind) \(awaited[0].metadata.name) has none",
            severity: awaited.isEmpty ? .low : .medium
        )
    }

    private func unready(_ service: Service, _ pods: [Pod], _ snapshot: Snapshot) -> Finding? {
        guard !service.publishesNotReadyAddresses, pods.contains(where: snapshot.isSubject) else { return nil }
        var owners: [ObjectReference] = []
        for pod in pods {
            let owner = snapshot.owner(of: pod)
            if !owners.contains(owner) { owners.append(owner) }
        }
        return symptom(
            .serviceWithoutReadyPods,
            service,
            owners,
            "none of the \(Count.text(pods.count, "pod")) behind it is ready",
            severity: .medium
        )
    }

    private func symptom(
        _ causeClass: CauseClass,
        _ service: Service,
        _ workloads: [ObjectReference],
        _ message: String,
        severity: Severity
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: service.reference,
            // What explains the workload's trouble explains this too.
            owner: workloads.first ?? service.reference,
            severity: severity,
            message: message,
            confidence: 0.9,
            isCause: false,
            evidence: [.field("spec.selector", of: service.reference, service.selectorText)],
            related: workloads
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .serviceSelectorMismatch else { return [] }
        return [
            Recommendation(
                title: "Correct the selector of the Service",
                description: "Each of its pairs has to be a label of the pods, in the pod template of their workload.",
                command: "kubectl -n \(cause.object.namespace) get pods --show-labels",
                risk: .none
            )
        ]
    }
}
