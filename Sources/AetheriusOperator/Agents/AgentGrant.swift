// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI

/// What an accepted agent gets on the hub: an account, a mailbox, a Lease, and rights on what is its own.
///
/// Isolation rests on two things. What an agent has to list, it lists in a namespace that is its own, since RBAC
/// cannot filter lists; what lies elsewhere is granted by name.
struct AgentGrant {
    let cluster: String
    private let owner: ClusterAgent?

    /// What there is to remove of an agent.
    init(cluster: String) {
        self.cluster = cluster
        owner = nil
    }

    /// What there is to make for an agent.
    init(_ agent: ClusterAgent) {
        cluster = agent.metadata.name
        owner = agent
    }

    private var labels: [String: String] {
        [LabelKey.cluster: cluster, LabelKey.component: AgentNames.agentComponent]
    }
    private var mailbox: String { AgentNames.mailbox(cluster) }
    private var subjects: JSONValue {
        [
            [
                "kind": "ServiceAccount", "name": .string(AgentNames.serviceAccount(cluster)),
                "namespace": .string(AgentNames.namespace),
            ]
        ]
    }

    /// Everything, in the order in which it has to be made.
    var objects: [ManagedObject] {
        let (place, others) = ([mailboxNamespace, heartbeat], [account] + roles + bindings)
        guard let owner else { return place + others }
        // Where something is to be removed elsewhere, the mailbox stays until that is done: it remembers it, and its
        // Lease is what an operator that comes later sees of it.
        return (farKubeconfig == nil ? place.map { $0.owned(by: owner) } : place) + others.map { $0.owned(by: owner) }
    }

    private var farKubeconfig: ClusterAgent.KubeconfigReference? {
        owner?.spec.mode == .remote ? owner?.spec.target.kubeconfigSecretRef : nil
    }

    /// What is deleted to take the rights away: what denies every request comes first.
    ///
    /// The mailbox stays: what was found out is the user's, and a namespace that goes takes its time.
    var revoked: [ManagedObject] { bindings.reversed() + [account] + roles }

    /// The mailbox with all that is in it.
    var mailboxNamespace: ManagedObject {
        ManagedObject(
            Namespace.apiResource,
            mailbox,
            labels: labels,
            annotations: annotations
        )
    }

    private var annotations: [String: String] {
        var annotations: [String: String] = [:]
        annotations[AnnotationKey.targetKubeconfig] = farKubeconfig?.path
        annotations[AnnotationKey.agentMode] = owner.flatMap { Self.mark($0.spec.mode, $0) }
        return annotations
    }

    private static func mark(_ mode: ClusterAgent.Mode, _ agent: ClusterAgent) -> String? {
        agent.metadata.uid.map { "\(mode.rawValue)/\($0)" }
    }

    /// What is wrong with the agent's mode, going by the mailbox that was made for it; nil if nothing is.
    ///
    /// A mailbox that is left of an earlier ClusterAgent of the same name says nothing about this one.
    func modeError(_ mailbox: ObjectMeta) -> FieldError? {
        guard let owner, isMailbox(mailbox), let mark = mailbox.annotations[AnnotationKey.agentMode] else { return nil }
        let others = ClusterAgent.Mode.known.filter { $0 != owner.spec.mode }
        guard let before = others.first(where: { Self.mark($0, owner) == mark }) else { return nil }
        return FieldError(
            field: "spec.mode",
            message:
                "cannot be changed from \(before) to \(owner.spec.mode); change it back, or delete the ClusterAgent "
                + "and make another one"
        )
    }

    /// Whether a namespace with the mailbox's name is this agent's; if not it is neither used nor deleted.
    func isMailbox(_ namespace: ObjectMeta) -> Bool {
        namespace.labels[LabelKey.cluster] == cluster
            && namespace.labels[LabelKey.managedBy] == LabelKey.managedByValue
    }

    private var account: ManagedObject {
        ManagedObject(
            ServiceAccount.apiResource,
            AgentNames.serviceAccount(cluster),
            in: AgentNames.namespace,
            labels: labels
        )
    }

    /// Without a spec: that is the agent's.
    private var heartbeat: ManagedObject {
        ManagedObject(
            Lease.apiResource,
            AgentNames.lease(cluster),
            in: mailbox,
            labels: [LabelKey.cluster: cluster, LabelKey.component: AgentNames.heartbeatComponent]
        )
    }

    private var roles: [ManagedObject] {
        [
            role(.clusterRole, AgentNames.role(cluster), in: nil, ownClusterAgent),
            role(.role, AgentNames.mailboxRole, in: mailbox, ownMailbox),
            role(.role, AgentNames.role(cluster), in: AgentNames.namespace, ownToken),
        ]
    }

    private var bindings: [ManagedObject] {
        [
            binding(.clusterRoleBinding, .clusterRole, AgentNames.role(cluster), in: nil),
            binding(.roleBinding, .role, AgentNames.mailboxRole, in: mailbox),
            binding(.roleBinding, .role, AgentNames.role(cluster), in: AgentNames.namespace),
        ]
    }

    /// List and watch work with the field selector `metadata.name`.
    private var ownClusterAgent: [PolicyRule] {
        [
            PolicyRule(
                groups: [AetheriusGroup.name],
                resources: ["clusteragents"],
                names: [cluster],
                verbs: ["get", "list", "watch"]
            ),
            PolicyRule(
                groups: [AetheriusGroup.name],
                resources: ["clusteragents/status"],
                names: [cluster],
                verbs: ["patch"]
            ),
        ]
    }

    private var ownMailbox: [PolicyRule] {
        [
            PolicyRule(
                groups: [AetheriusGroup.name],
                resources: ["diagnostictasks", "executionplans"],
                verbs: ["get", "list", "watch"]
            ),
            PolicyRule(
                groups: [AetheriusGroup.name],
                resources: ["diagnostictasks/status", "executionplans/status"],
                verbs: ["get", "patch", "update"]
            ),
            PolicyRule(
                groups: [Lease.apiResource.group],
                resources: ["leases"],
                names: [AgentNames.lease(cluster)],
                verbs: ["get", "patch"]
            ),
            PolicyRule(groups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch"]),
            PolicyRule(groups: [""], resources: ["configmaps"], verbs: ["create"]),
        ]
    }

    private var ownToken: [PolicyRule] {
        [
            PolicyRule(
                groups: [""],
                resources: ["serviceaccounts/token"],
                names: [AgentNames.serviceAccount(cluster)],
                verbs: ["create"]
            )
        ]
    }

    private func role(
        _ kind: APIResource,
        _ name: String,
        in namespace: String?,
        _ rules: [PolicyRule]
    )
        -> ManagedObject
    {
        ManagedObject(kind, name, in: namespace, labels: labels, ["rules": rules.json])
    }

    private func binding(
        _ kind: APIResource,
        _ role: APIResource,
        _ name: String,
        in namespace: String?
    )
        -> ManagedObject
    {
        ManagedObject(
            kind,
            name,
            in: namespace,
            labels: labels,
            ["roleRef": .reference(to: role, name), "subjects": subjects]
        )
    }
}

extension JSONValue {
    /// The `roleRef` of a binding.
    static func reference(to role: APIResource, _ name: String) -> JSONValue {
        ["apiGroup": .string(role.group), "kind": .string(role.kind), "name": .string(name)]
    }
}

extension ClusterAgent.KubeconfigReference {
    /// The reference as the text of an annotation.
    var path: String { "\(name)/\(key)" }

    /// The kubeconfig as messages call it.
    var origin: String { "Secret \(AgentNames.namespace)/\(name), key \(key)" }

    /// Reads the text of an annotation; nil if it is none.
    init?(path: String) {
        let parts = path.split(separator: "/")
        guard parts.count == 2 else { return nil }
        self.init(name: String(parts[0]), key: String(parts[1]))
    }
}
