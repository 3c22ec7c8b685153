// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Evidence
import KubeAPI

/// What a task may look at.
///
/// A task in the operator's namespace may look everywhere. Any other one may look at its own namespace, and at those
/// that the ClusterAgent grants to it: being allowed to create tasks somewhere must not mean being allowed to read
/// logs elsewhere.
enum TaskScope {
    /// The part of the cluster that the task asks about.
    /// - Parameters:
    ///   - task: the task.
    ///   - cluster: the cluster that it is about.
    ///   - operatorNamespace: the namespace whose tasks may look everywhere.
    ///   - installed: the only namespaces that the operator may read; none for the whole cluster.
    /// - Throws: ``FieldError`` if the task may not look there.
    static func scope(
        of task: DiagnosticTask,
        in cluster: ClusterAgent,
        operatorNamespace: String,
        installed: Set<String> = []
    ) throws(FieldError) -> EvidenceScope {
        let own = task.metadata.namespace ?? ""
        let isTrusted = own == operatorNamespace
        var subject = task.spec.target.flatMap { $0.name.isEmpty ? nil : $0 }
        var namespace: String? = task.spec.target?.namespace ?? ""
        if subject?.kind == "Namespace" { namespace = subject?.name }
        // Without a namespace a trusted task means the whole cluster, any other its own namespace.
        if namespace?.isEmpty ?? true { namespace = isTrusted && subject == nil ? nil : own }
        if subject?.kind != "Namespace" { subject?.namespace = namespace ?? "" }

        var scope = EvidenceScope(subject: subject, namespace: namespace, isConfinedToNamespace: !isTrusted)
        if !installed.isEmpty {
            guard let namespace, installed.contains(namespace) else {
                throw FieldError(
                    field: "spec.target.namespace",
                    message: "this operator may look only at \(installed.sorted().joined(separator: ", ")), "
                        + "not at \(namespace.map { "namespace \($0)" } ?? "the whole cluster")"
                )
            }
            scope.isConfinedToNamespace = true
            scope.readsOutsideNamespace = false
        }
        // A namespace of the same name in another cluster is another's until somebody says that it is not.
        let isOwn = namespace == own && cluster.spec.mode == .local
        guard !isTrusted, !isOwn else { return scope }
        let granted = cluster.spec.access.tenants.filter { $0.hubNamespace == own }.flatMap(\.namespaces)
        guard let namespace, granted.contains(where: { NamePattern.matches($0, namespace) }) else {
            throw FieldError(
                field: "spec.target.namespace",
                message: "tasks in namespace \(own) may not look at namespace \(namespace ?? "*") of cluster "
                    + "\(cluster.metadata.name); an administrator can grant it in spec.access.tenants of ClusterAgent \(cluster.metadata.name)"
            )
        }
        return scope
    }
}
