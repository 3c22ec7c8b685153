// SPDX-License-Identifier: Apache-2.0
public import Diagnosis
import KubeAPI
import Redaction

extension Snapshot {
    /// Redacts every text in which a cluster's users and programs could have written a secret.
    ///
    /// Names are left: of objects, containers, volumes, ports. The API server lets only letters, digits, dots and
    /// dashes into them, and without them nothing could be said.
    public mutating func redact() async {
        // Half of the work are the logs, and nothing else hangs on them.
        let ownLogs = logs
        async let redactedLogs = Self.redacted(ownLogs)
        redactObjects()
        logs = await redactedLogs
    }

    /// Redacts everything but the logs.
    mutating func redactObjects() {
        pods = pods.map(Self.redacted)
        neighbourPods = neighbourPods.map(Self.redacted)
        workloads = workloads.map(Self.redacted)
        neighbourWorkloads = neighbourWorkloads.map(Self.redacted)
        events = events.map { event in
            var event = event
            Self.redact(&event.metadata)
            Self.redact(&event.message)
            Self.redact(&event.reason)
            event.action = event.action.map(Redaction.redact)
            return event
        }
        for index in unreadable.indices { Self.redact(&unreadable[index].message) }
        for index in alerts.indices {
            alerts[index].labels = Self.redacted(alerts[index].labels)
            alerts[index].annotations = Self.redacted(alerts[index].annotations)
        }
        var visitor = InventoryRedaction()
        visitInventories(&visitor)
        routes.update(InventoryRedaction.redact)
        customObjects.update(InventoryRedaction.redact)
    }

    static func redacted(_ logs: [ContainerLog]) -> [ContainerLog] {
        logs.map { log in
            var log = log
            log.lines = Redaction.redact(lines: log.lines)
            return log
        }
    }

    /// Redacts settings: a value goes if its name speaks of a secret, or for what it looks like.
    static func redacted(_ settings: [String: String]) -> [String: String] {
        var settings = settings
        for (name, value) in settings { settings[name] = redacted(value, of: name) }
        return settings
    }

    static func redacted(_ value: String, of name: String) -> String {
        Redaction.isSecretName(name[...]) && !value.isEmpty ? Redaction.placeholder : Redaction.redact(value)
    }

    private static func redacted(_ pod: Pod) -> Pod {
        var pod = pod
        redact(&pod)
        return pod
    }

    private static func redacted(_ workload: Workload) -> Workload {
        var workload = workload
        redact(&workload)
        return workload
    }

    static func redact(_ text: inout String) { text = Redaction.redact(text) }

    /// The annotations that mean something to Kubernetes itself; whole configurations are kept in others.
    static let tellingAnnotations: Set<String> = [
        "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class",
        "ingressclass.kubernetes.io/is-default-class", "kubernetes.io/ingress.class",
        "volume.kubernetes.io/selected-node", "volume.kubernetes.io/storage-provisioner",
        "volume.beta.kubernetes.io/storage-provisioner", "volume.beta.kubernetes.io/storage-class",
        "deployment.kubernetes.io/revision", "pv.kubernetes.io/bound-by-controller",
    ]

    static func redact(_ metadata: inout ObjectMeta) {
        guard !metadata.annotations.isEmpty else { return }
        let applied = metadata.annotations[AppliedConfiguration.annotation].flatMap { AppliedConfiguration($0) }
        metadata.annotations = metadata.annotations.filter { tellingAnnotations.contains($0.key) }.mapValues(
            Redaction.redact
        )
        if let applied { metadata.annotations[AppliedConfiguration.annotation] = applied.text }
    }

    static func redact(_ conditions: inout [Condition]) {
        for index in conditions.indices {
            redact(&conditions[index].message)
            redact(&conditions[index].reason)
        }
    }

    private static func redact(_ pod: inout Pod) {
        redact(&pod.metadata)
        redact(&pod.spec)
        redact(&pod.status.conditions)
        pod.status.reason = pod.status.reason.map(Redaction.redact)
        pod.status.message = pod.status.message.map(Redaction.redact)
        for index in pod.status.containerStatuses.indices { redact(&pod.status.containerStatuses[index]) }
        for index in pod.status.initContainerStatuses.indices { redact(&pod.status.initContainerStatuses[index]) }
        for index in pod.status.ephemeralContainerStatuses.indices {
            redact(&pod.status.ephemeralContainerStatuses[index])
        }
    }

    private static func redact(_ workload: inout Workload) {
        redact(&workload.metadata)
        redact(&workload.template)
        redact(&workload.status.conditions)
    }

    private static func redact(_ spec: inout PodSpec) {
        for index in spec.containers.indices { redact(&spec.containers[index]) }
        for index in spec.initContainers.indices { redact(&spec.initContainers[index]) }
    }

    private static func redact(_ container: inout Container) {
        redact(&container.image)
        container.command = Redaction.redact(lines: container.command)
        container.arguments = Redaction.redact(lines: container.arguments)
        for index in container.environment.indices {
            guard let value = container.environment[index].value else { continue }
            container.environment[index].value = redacted(value, of: container.environment[index].name)
        }
        for index in container.mounts.indices { redact(&container.mounts[index].path) }
        redact(&container.livenessProbe)
        redact(&container.readinessProbe)
        redact(&container.startupProbe)
    }

    private static func redact(_ probe: inout Probe?) {
        guard var redacted = probe else { return }
        redacted.path = redacted.path.map(Redaction.redact)
        redacted.host = redacted.host.map(Redaction.redact)
        redacted.service = redacted.service.map(Redaction.redact)
        redacted.command = Redaction.redact(lines: redacted.command)
        probe = redacted
    }

    private static func redact(_ status: inout ContainerStatus) {
        redact(&status.image)
        redact(&status.state)
        redact(&status.lastState)
    }

    private static func redact(_ state: inout ContainerState) {
        if let waiting = state.waiting {
            state.waiting?.message = Redaction.redact(waiting.message)
            state.waiting?.reason = Redaction.redact(waiting.reason)
        }
        if let terminated = state.terminated {
            state.terminated?.message = Redaction.redact(terminated.message)
            state.terminated?.reason = Redaction.redact(terminated.reason)
        }
    }
}
