// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Which workers take a task.
///
/// When the system itself is broken, most other things are too, and their tasks fill every place there is. So what is
/// critical about the system never waits for a place.
enum TaskLane: String, CaseIterable {
    /// At most as many at the same time as ``OperatorConfiguration/maxConcurrentTasks`` allows.
    case ordinary = "diagnostictask"
    /// Critical tasks about the system namespaces, admitted above that limit.
    case critical = "diagnostictask-critical"

    /// The lane's own limit: enough for every component of a control plane, and still a bound.
    static let criticalWorkers = 10

    /// The namespaces of Kubernetes itself.
    private static let systemNamespaces: Set<String> = ["kube-system", "kube-public", "kube-node-lease"]

    /// The lane of a task.
    /// - Parameter operatorNamespace: belongs to the system too, and is the only one whose tasks may look at all of it.
    static func lane(of task: DiagnosticTask, operatorNamespace: String) -> TaskLane {
        guard task.spec.severity == .critical else { return .ordinary }
        let namespace = subjectNamespace(of: task)
        return systemNamespaces.contains(namespace) || namespace == operatorNamespace ? .critical : .ordinary
    }

    /// The namespace that a task is about; without one in its target, its own.
    private static func subjectNamespace(of task: DiagnosticTask) -> String {
        let own = task.metadata.namespace ?? ""
        guard let target = task.spec.target else { return own }
        if target.kind == "Namespace" { return target.name }
        return target.namespace.isEmpty ? own : target.namespace
    }
}
