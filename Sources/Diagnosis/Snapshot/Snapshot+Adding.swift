// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

extension Snapshot {
    /// Adds a pod of the subject.
    ///
    /// Unlike an append to ``pods`` from another module it does not copy those that are there.
    public mutating func add(_ pod: Pod) { pods.append(pod) }

    /// Adds a workload of the subject, in the same way.
    public mutating func add(_ workload: Workload) { workloads.append(workload) }

    /// Adds an event, in the same way.
    public mutating func add(_ event: Event) { events.append(event) }
}
