// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// What an autoscaler is to scale does not exist.
    public static let autoscalerTargetNotFound = CauseClass(rawValue: "AutoscalerTargetNotFound")
    /// An autoscaler compares use with requests, and the containers have none.
    public static let autoscalerRequestsMissing = CauseClass(rawValue: "AutoscalerRequestsMissing")
    /// An autoscaler gets no metrics.
    public static let autoscalerMetricsUnavailable = CauseClass(rawValue: "AutoscalerMetricsUnavailable")
    /// An autoscaler wants more replicas than it may have.
    public static let autoscalerAtMaximum = CauseClass(rawValue: "AutoscalerAtMaximum")
    /// An autoscaler cannot read or change the number of replicas.
    public static let autoscalerUnableToScale = CauseClass(rawValue: "AutoscalerUnableToScale")
    /// An autoscaler's own settings contradict each other.
    public static let autoscalerInvalid = CauseClass(rawValue: "AutoscalerInvalid")
}

/// HorizontalPodAutoscalers that do not scale.
///
/// Nothing fails because of it at once, so that its confidence stays below that of what keeps pods from working.
struct AutoscalerAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.horizontalPodAutoscalers.items.compactMap { autoscaler in
            let namespace = autoscaler.metadata.namespace ?? ""
            let target = snapshot.workload(autoscaler.target.kind, autoscaler.target.name, in: namespace)
            guard autoscaler.metadata.deletionTimestamp == nil,
                snapshot.isAboutEverything || target.map(snapshot.isSubject) ?? false
            else { return nil }
            return missingTarget(autoscaler, target, snapshot) ?? contradiction(autoscaler)
                ?? unable(autoscaler, snapshot) ?? inactive(autoscaler, target, snapshot) ?? limited(autoscaler)
        }
    }

    private func missingTarget(
        _ autoscaler: HorizontalPodAutoscaler,
        _ target: Workload?,
        _ snapshot: Snapshot
    ) -> Finding? {
        var reference = autoscaler.target
        reference.namespace = autoscaler.metadata.namespace ?? ""
        guard target == nil, Workload.kinds.contains(where: { $0.kind == reference.kind }),
            snapshot.exists(reference) == false
        else { return nil }
        return cause(
            .autoscalerTargetNotFound,
            autoscaler,
            "\(reference.kind) \(reference.name), which it is to scale, does not exist",
            0.85,
            .field("spec.scaleTargetRef", of: autoscaler.reference, "\(reference.kind)/\(reference.name)"),
            [reference]
        )
    }

    private func contradiction(_ autoscaler: HorizontalPodAutoscaler) -> Finding? {
        guard autoscaler.maxReplicas > 0, autoscaler.minReplicas > autoscaler.maxReplicas else { return nil }
        let text = "minReplicas \(autoscaler.minReplicas), maxReplicas \(autoscaler.maxReplicas)"
        return cause(
            .autoscalerInvalid,
            autoscaler,
            "its minimum is above its maximum",
            0.85,
            .field("spec", of: autoscaler.reference, text)
        )
    }

    private func unable(_ autoscaler: HorizontalPodAutoscaler, _ snapshot: Snapshot) -> Finding? {
        guard let condition = autoscaler.conditions["AbleToScale"], condition.status == .false else { return nil }
        if let verdict = UnservedKind(condition.message)?.verdict(in: snapshot) {
            return cause(verdict.causeClass, autoscaler, "it is to scale \(verdict.text)", 0.85, condition)
        }
        return cause(.autoscalerUnableToScale, autoscaler, "it cannot scale: \(condition.reason)", 0.75, condition)
    }

    private func inactive(_ autoscaler: HorizontalPodAutoscaler, _ target: Workload?, _ snapshot: Snapshot) -> Finding?
    {
        guard let condition = autoscaler.conditions["ScalingActive"], condition.status == .false,
            // With no replicas wanted it rests on purpose.
            condition.reason != "ScalingDisabled"
        else { return nil }
        if let target, let lacking = lacking(autoscaler, target, snapshot) {
            var finding = cause(
                .autoscalerRequestsMissing,
                autoscaler,
                "container \(lacking.container) requests no \(lacking.resource), of which autoscaler "
                    + "\(autoscaler.metadata.name) is to use a share",
                0.8,
                condition
            )
            // The workload is what has to be changed.
            finding.owner = target.reference
            finding.related = [autoscaler.reference]
            return finding
        }
        // Pods that are not ready have no metrics: why they are not is the question.
        guard !condition.message.contains("any ready pods"), !condition.message.contains("no pods returned") else {
            return nil
        }
        let isInvalid = condition.reason.hasPrefix("Invalid")
        return cause(
            isInvalid ? .autoscalerInvalid : .autoscalerMetricsUnavailable,
            autoscaler,
            isInvalid ? "its metrics are not valid" : "it gets no metrics",
            isInvalid ? 0.8 : 0.65,
            condition
        )
    }

    /// A container without a request for a resource of which a share is asked.
    private func lacking(
        _ autoscaler: HorizontalPodAutoscaler,
        _ target: Workload,
        _ snapshot: Snapshot
    ) -> (container: String, resource: String)? {
        // The pods may have defaults that the template does not.
        let pod = snapshot.pods(in: target.metadata.namespace ?? "").first {
            snapshot.owner(of: $0).name == target.metadata.name && snapshot.owner(of: $0).kind == target.kind
        }
        let containers = pod?.spec.containers ?? target.template.containers
        for metric in autoscaler.metrics
        where metric.type == "Resource" && metric.target ?? "Utilization" == "Utilization" {
            guard let resource = metric.resource else { continue }
            // A limit without a request counts as the request.
            let container = containers.first { $0.request(of: resource) == nil && $0.limit(of: resource) == nil }
            if let container { return (container.name, resource) }
        }
        return nil
    }

    private func limited(_ autoscaler: HorizontalPodAutoscaler) -> Finding? {
        guard let condition = autoscaler.conditions["ScalingLimited"], condition.status == .true,
            condition.reason == "TooManyReplicas", autoscaler.currentReplicas >= autoscaler.maxReplicas
        else { return nil }
        return cause(
            .autoscalerAtMaximum,
            autoscaler,
            "it has its maximum of \(Count.text(autoscaler.maxReplicas, "replica")), and wants more",
            0.45,
            condition
        )
    }

    private func cause(
        _ causeClass: CauseClass,
        _ autoscaler: HorizontalPodAutoscaler,
        _ message: String,
        _ confidence: Double,
        _ condition: Condition
    ) -> Finding {
        var finding = Finding(
            autoscaler.reference,
            causeClass,
            message,
            condition,
            confidence: confidence,
            severity: .medium
        )
        finding.related = [autoscaler.targetReference]
        return finding
    }

    private func cause(
        _ causeClass: CauseClass,
        _ autoscaler: HorizontalPodAutoscaler,
        _ message: String,
        _ confidence: Double,
        _ evidence: EvidenceItem,
        _ related: [ObjectReference] = []
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: autoscaler.reference,
            owner: autoscaler.reference,
            severity: .medium,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: [evidence],
            related: related
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass] else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command:
                    "kubectl -n \(cause.object.namespace) describe \(cause.object.kind.lowercased()) \(cause.object.name)",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .autoscalerTargetNotFound: (
            "Correct spec.scaleTargetRef", "It names kind, group and name of a workload in the same namespace."
        ),
        .autoscalerRequestsMissing: (
            "Set requests for every container", "The share is counted of them; sidecar containers need them too."
        ),
        .autoscalerMetricsUnavailable: (
            "Look at who serves the metrics",
            "metrics.k8s.io is usually the metrics-server: `kubectl get apiservices` tells whether it answers."
        ),
        .autoscalerAtMaximum: (
            "Raise the maximum, or find out why so much is needed", "More replicas need room in the cluster, too."
        ),
        .autoscalerUnableToScale: ("Look at what it is to scale", "Does it exist, and has it a scale subresource?"),
        .autoscalerInvalid: ("Correct the autoscaler", "Its conditions quote what is wrong with it."),
    ]
}

extension HorizontalPodAutoscaler {
    fileprivate var reference: ObjectReference { Self.apiResource.reference(to: metadata) }

    fileprivate var targetReference: ObjectReference {
        var reference = target
        reference.namespace = metadata.namespace ?? ""
        return reference
    }
}
