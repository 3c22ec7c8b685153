// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension Snapshot {
    /// A fault of a pod that its workload is to answer for.
    func cause(
        _ causeClass: CauseClass,
        of pod: Pod,
        owner: ObjectReference? = nil,
        container: String? = nil,
        severity: Severity = .high,
        confidence: Double,
        message: String,
        evidence: [EvidenceItem]
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: pod.reference,
            owner: owner ?? self.owner(of: pod),
            container: container,
            severity: severity,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: evidence
        )
    }

    /// A fault of one container that its workload is to answer for.
    func cause(
        _ causeClass: CauseClass,
        of container: ContainerView,
        confidence: Double,
        message: String,
        evidence: [EvidenceItem]
    ) -> Finding {
        // What somebody has added to look at a pod is not why the pod is in trouble.
        let isExtra = container.role == .ephemeral
        return cause(
            causeClass,
            of: container.pod,
            container: container.status.name,
            severity: isExtra ? .low : .high,
            confidence: isExtra ? min(confidence, 0.6) : confidence,
            message: message,
            evidence: evidence
        )
    }

    /// The events about one container, newest first.
    func events(about container: ContainerView) -> [Event] {
        events(about: container.pod.reference).filter { event in
            guard let path = event.involvedObject.fieldPath, !path.isEmpty else { return true }
            return path == container.eventPath
        }
    }

    /// Whether the workload of a pod has all the pods it wants: what its other pods did is history then.
    func isServed(_ pod: Pod) -> Bool {
        let owner = owner(of: pod)
        guard owner.kind != Pod.apiResource.kind,
            let workload = workload(owner.kind, owner.name, in: owner.namespace),
            let wanted = workload.wantedReplicas
        else { return false }
        return workload.readyReplicas >= wanted
    }
}

extension EvidenceItem {
    /// What an event says.
    static func event(_ event: Event, about object: ObjectReference) -> EvidenceItem {
        EvidenceItem(
            kind: .event,
            source: "event \(event.reason)" + (event.count.map { ", \(Count.text($0, "time"))" } ?? ""),
            object: object,
            text: event.message
        )
    }

    /// What a field says.
    static func field(_ path: String, of object: ObjectReference, _ text: String) -> EvidenceItem {
        EvidenceItem(kind: .object, source: path, object: object, text: text)
    }

    /// What a container waits for.
    static func waiting(_ container: ContainerView, _ waiting: ContainerState.Waiting) -> EvidenceItem {
        .field(
            "\(container.statusPath).state.waiting",
            of: container.pod.reference,
            waiting.message.isEmpty ? waiting.reason : "\(waiting.reason): \(waiting.message)"
        )
    }
}
