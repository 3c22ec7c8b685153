// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Evidence
import KubeAPI

/// What a task in the mailbox may look at.
enum MailboxScope {
    /// The part of the cluster that a copy of a task asks about.
    ///
    /// The hub has decided what its source may ask; the ClusterAgent's `access.namespaces` narrows that here, where
    /// the data is.
    /// - Throws: ``FieldError`` if the agent may not look there.
    static func scope(of task: DiagnosticTask, access: ClusterAgent.Access) throws(FieldError) -> EvidenceScope {
        var subject = task.spec.target.flatMap { $0.name.isEmpty ? nil : $0 }
        var namespace = task.spec.target.flatMap { $0.namespace.isEmpty ? nil : $0.namespace }
        if subject?.kind == "Namespace" {
            namespace = subject?.name
        } else {
            subject?.namespace = namespace ?? ""
        }
        if let namespace, !access.namespaces.contains(namespace) {
            throw FieldError(
                field: "spec.target.namespace",
                message: "spec.access.namespaces of the ClusterAgent does not let the agent look at \(namespace)"
            )
        }
        if namespace == nil, access.namespaces != ClusterAgent.NamespaceSelection() {
            throw FieldError(
                field: "spec.target.namespace",
                message: "is missing: spec.access.namespaces of the ClusterAgent does not let the agent look at the "
                    + "whole cluster"
            )
        }
        // What the hub does not say is taken for the narrower of the two.
        let isConfined = task.metadata.annotations[CopyKey.confined] != "false"
        guard namespace != nil || !isConfined else {
            throw FieldError(
                field: "spec.target.namespace",
                message: "is missing: only a task from the operator's own namespace may ask about the whole cluster"
            )
        }
        return EvidenceScope(subject: subject, namespace: namespace, isConfinedToNamespace: isConfined)
    }
}
