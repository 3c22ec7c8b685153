// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A container needs more CPU than its limit allows, and answers its probes too late.
    public static let cpuLimitTooLow = CauseClass(rawValue: "CPULimitTooLow")
}

/// Containers that are held back at their CPU limit while a probe waits for them in vain.
///
/// Many work at their limit and do well. It counts only where a probe of a container in trouble times out, and a
/// metrics server or an alert tells that the container has no CPU left.
struct ThrottlingAnalyzer: Analyzer {
    /// The share of its limit at which a container has nothing left: usage is a mean over some seconds.
    private static let share = 0.95
    /// Alerts of the widely used rules for Kubernetes.
    private static let alerts: Set<String> = ["CPUThrottlingHigh", "ContainerCPUThrottling", "CPUThrottling"]

    let detections = [
        Detection(
            .cpuLimitTooLow,
            kinds: ["Workload"],
            proof:
                "A probe of a container in trouble times out, and its CPU usage (metrics.k8s.io) is at its limit, or "
                + "an alert says that it is throttled.",
            remedy: "Raise the CPU limit, or remove it and keep the request."
        )
    ]

    func consults(in snapshot: Snapshot) -> [APIResource] {
        ContainerView.all(in: snapshot).contains { timeout($0, in: snapshot) != nil } ? [PodMetrics.apiResource] : []
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        ContainerView.all(in: snapshot).compactMap { container in
            guard let event = timeout(container, in: snapshot), let limit = container.spec.limit(of: "cpu"),
                let proof = usage(container, limit, in: snapshot) ?? alert(container, in: snapshot)
            else { return nil }
            return snapshot.cause(
                .cpuLimitTooLow,
                of: container,
                confidence: 0.9,
                message:
                    "\(container.title) needs more than the \(limit) CPU that its limit allows, and answers a probe "
                    + "too late",
                evidence: [proof, .event(event, about: container.pod.reference)]
            )
        }
    }

    /// The event of a probe that timed out, if the container runs, has a limit and is in trouble.
    private func timeout(_ container: ContainerView, in snapshot: Snapshot) -> Event? {
        guard container.status.state.running != nil, container.spec.limits["cpu"] != nil,
            !container.status.isReady || container.status.restartCount > 0
        else { return nil }
        return snapshot.events(about: container).first { event in
            guard event.reason == "Unhealthy" else { return false }
            let kind = ProbeKind.allCases.first { event.message.hasPrefix($0.rawValue) }
            let method = kind?.probe(of: container.spec)?.method
            return ProbeSymptom(event.message, method: method) == .timeout
        }
    }

    private func usage(_ container: ContainerView, _ limit: Quantity, in snapshot: Snapshot) -> EvidenceItem? {
        let pod = container.pod.metadata
        guard let metrics = snapshot.podMetrics[pod.name, in: pod.namespace ?? ""],
            let used = metrics.usage(of: "cpu", by: container.status.name),
            Double(used.milliValue) >= Self.share * Double(limit.milliValue)
        else { return nil }
        return .field(
            "containers[\(container.status.name)].usage.cpu",
            of: PodMetrics.apiResource.reference(pod.name, in: pod.namespace ?? ""),
            "\(used) of \(limit)"
        )
    }

    private func alert(_ container: ContainerView, in snapshot: Snapshot) -> EvidenceItem? {
        let pod = container.pod.metadata
        let alert = snapshot.alerts.first { alert in
            Self.alerts.contains(alert.name) && alert.labels["namespace"] == pod.namespace
                && alert.labels["pod"] == pod.name
                && alert.labels["container"] ?? container.status.name == container.status.name
        }
        return alert.map { alert in
            EvidenceItem(
                kind: .object,
                source: "alert \(alert.name)",
                object: container.pod.reference,
                text: alert.annotations["description"] ?? alert.annotations["message"] ?? alert.name
            )
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .cpuLimitTooLow else { return [] }
        return [
            Recommendation(
                title: "Raise the CPU limit, or remove it",
                description: "A limit stops the container although the node may have CPU to spare. The request is what "
                    + "keeps others from taking its share.",
                command: "kubectl -n \(cause.object.namespace) top pods --containers",
                risk: .none
            )
        ]
    }
}
