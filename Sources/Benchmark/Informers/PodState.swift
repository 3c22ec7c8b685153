// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// What a diagnosis asks of a pod at first: where it is, and how its containers are.
enum PodState: FieldSelection {
    static let fields = FieldSet([
        "spec.nodeName", "status.phase", "status.reason", "status.conditions.type", "status.conditions.status",
        "status.conditions.reason", "status.containerStatuses.name", "status.containerStatuses.ready",
        "status.containerStatuses.restartCount", "status.containerStatuses.state",
        "status.containerStatuses.lastState",
    ])
}
