// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import Evidence
import KubeAPI
import KubeRuntime

/// The copy of a task in the mailbox of the agent that is to look.
enum TaskCopy {
    /// Finds copies by the namespace and name of their source.
    static let bySource = Index<DiagnosticTask>("source") { task in
        source(of: task).map { ["\($0)"] } ?? []
    }

    /// What a copy was made from; nil for a task that is none.
    static func source(of task: DiagnosticTask) -> ObjectKey? {
        guard isInMailbox(task), let name = task.metadata.annotations[CopyKey.sourceName] else { return nil }
        return ObjectKey(namespace: task.metadata.annotations[CopyKey.sourceNamespace], name: name)
    }

    /// Whether a task lies in the mailbox of an agent: then it is no question to the operator.
    static func isInMailbox(_ task: DiagnosticTask) -> Bool {
        AgentNames.cluster(ofMailbox: task.metadata.namespace ?? "") != nil
    }

    /// The name of a copy: another one for each run, so that no old answer is taken for a new one.
    static func name(of task: DiagnosticTask) -> String {
        let identity = "\(task.metadata.uid ?? "") \(TaskInput(spec: task.spec).hash)"
        return "t-" + Hash.sha256(Array(identity.utf8)).prefix(16)
    }

    /// Makes the copy of a task.
    /// - Parameters:
    ///   - scope: what the task may look at, which is written out: where the copy lies says nothing about that.
    ///   - cluster: the name of the ClusterAgent.
    static func make(of task: DiagnosticTask, _ scope: EvidenceScope, for cluster: String) -> DiagnosticTask {
        var copy = DiagnosticTask(
            metadata: ObjectMeta(
                name: name(of: task),
                namespace: AgentNames.mailbox(cluster),
                labels: [
                    LabelKey.cluster: cluster, LabelKey.managedBy: LabelKey.managedByValue,
                    CopyKey.sourceUID: task.metadata.uid ?? "",
                ],
                annotations: [
                    CopyKey.sourceNamespace: task.metadata.namespace ?? "", CopyKey.sourceName: task.metadata.name,
                    CopyKey.confined: scope.isConfinedToNamespace ? "true" : "false",
                ]
            ),
            spec: task.spec
        )
        copy.spec.clusterRef = NameReference(name: cluster)
        copy.spec.ttlSecondsAfterFinished = nil
        copy.spec.cancel = false
        var target = scope.subject ?? ObjectReference()
        if target.namespace.isEmpty, target.kind != "Namespace" { target.namespace = scope.namespace ?? "" }
        copy.spec.target = target == ObjectReference() ? nil : target
        return copy
    }
}
