// SPDX-License-Identifier: Apache-2.0
public import Diagnosis
import KubeAPI
import Redaction

extension Snapshot {
    /// Redacts every text in which a cluster's users and programs could have written a secret.
    ///
    /// Names are left: of objects, containers, volumes, ports. The API server lets only letters, digits, dots and
    /// dashes into them, and without them nothing could be said.
    public mutating func redact() {
        for index in pods.indices { Self.redact(&pods[index]) }
        for index in workloads.indices { Self.redact(&workloads[index]) }
        for index in events.indices {
            Self.redact(&events[index].metadata)
            Self.redact(&events[index].message)
            Self.redact(&events[index].reason)
            events[index].action = events[index].action.map(Redaction.redact)
        }
        for index in logs.indices { logs[index].lines = Redaction.redact(lines: logs[index].lines) }
        for index in unreadable.indices { Self.redact(&unreadable[index].message) }
        guard var nodes else { return }
        for index in nodes.indices { Self.redact(&nodes[index].metadata) }
        self.nodes = nodes
    }

    private static func redact(_ text: inout String) { text = Redaction.redact(text) }

    private static func redact(_ metadata: inout ObjectMeta) {
        // Nothing here reads annotations, and whole configurations are kept in them.
        metadata.annotations = [:]
    }

    private static func redact(_ conditions: inout [Condition]) {
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
        for index in container.mounts.indices { redact(&container.mounts[index].path) }
        redact(&container.livenessProbe)
        redact(&container.readinessProbe)
        redact(&container.startupProbe)
    }

    private static func redact(_ probe: inout Probe?) {
        guard let path = probe?.path else { return }
        probe?.path = Redaction.redact(path)
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
