// SPDX-License-Identifier: Apache-2.0

/// Kinds of Kubernetes' own API in a version that newer servers no longer serve.
///
/// The list is that of the deprecated API migration guide of Kubernetes, without alpha versions, which no server serves
/// unless told to.
struct RemovedAPI: Hashable {
    /// The group and version, such as `policy/v1beta1`.
    var apiVersion: String
    /// The kinds.
    var kinds: Set<String>
    /// The minor version of the first 1.x that does not serve them.
    var removedIn: Int
    /// What has taken its place; nil if nothing has.
    var successor: String?

    private init(_ apiVersion: String, _ kinds: Set<String>, removedIn: Int, _ successor: String?) {
        self.apiVersion = apiVersion
        self.kinds = kinds
        self.removedIn = removedIn
        self.successor = successor
    }

    /// The group; empty for the core group.
    var group: Substring { apiVersion.split(separator: "/").dropLast().first ?? "" }
    /// The version alone.
    var version: Substring { apiVersion.split(separator: "/").last ?? "" }

    /// The entry for a kind in a version, if newer servers do not serve it.
    static func entry(_ apiVersion: String, _ kind: String) -> RemovedAPI? {
        all.first { $0.apiVersion == apiVersion && $0.kinds.contains(kind) }
    }

    /// The entries for a kind in a version of which the group is not known, such as `v1beta1`.
    static func entries(version: String, _ kind: String) -> [RemovedAPI] {
        all.filter { $0.version == version && $0.kinds.contains(kind) }
    }

    /// The entries for a kind of a group in any version.
    static func entries(group: String, _ kind: String) -> [RemovedAPI] {
        all.filter { $0.group == group && $0.kinds.contains(kind) }
    }

    /// From when on no server has it, and what to write instead, as the rest of a sentence.
    var explanation: String {
        "which Kubernetes no longer serves from 1.\(removedIn) on; "
            + (successor.map { "\($0) has taken its place" } ?? "nothing has taken its place")
    }

    static let all: [RemovedAPI] = [
        RemovedAPI("extensions/v1beta1", ["DaemonSet", "Deployment", "ReplicaSet"], removedIn: 16, "apps/v1"),
        RemovedAPI("extensions/v1beta1", ["NetworkPolicy"], removedIn: 16, "networking.k8s.io/v1"),
        RemovedAPI("extensions/v1beta1", ["PodSecurityPolicy"], removedIn: 16, nil),
        RemovedAPI("apps/v1beta1", ["ControllerRevision", "Deployment", "StatefulSet"], removedIn: 16, "apps/v1"),
        RemovedAPI(
            "apps/v1beta2",
            ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
            removedIn: 16,
            "apps/v1"
        ),
        RemovedAPI("extensions/v1beta1", ["Ingress"], removedIn: 22, "networking.k8s.io/v1"),
        RemovedAPI("networking.k8s.io/v1beta1", ["Ingress", "IngressClass"], removedIn: 22, "networking.k8s.io/v1"),
        RemovedAPI(
            "admissionregistration.k8s.io/v1beta1",
            ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
            removedIn: 22,
            "admissionregistration.k8s.io/v1"
        ),
        RemovedAPI(
            "apiextensions.k8s.io/v1beta1",
            ["CustomResourceDefinition"],
            removedIn: 22,
            "apiextensions.k8s.io/v1"
        ),
        RemovedAPI("apiregistration.k8s.io/v1beta1", ["APIService"], removedIn: 22, "apiregistration.k8s.io/v1"),
        RemovedAPI("authentication.k8s.io/v1beta1", ["TokenReview"], removedIn: 22, "authentication.k8s.io/v1"),
        RemovedAPI(
            "authorization.k8s.io/v1beta1",
            ["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"],
            removedIn: 22,
            "authorization.k8s.io/v1"
        ),
        RemovedAPI(
            "certificates.k8s.io/v1beta1",
            ["CertificateSigningRequest"],
            removedIn: 22,
            "certificates.k8s.io/v1"
        ),
        RemovedAPI("coordination.k8s.io/v1beta1", ["Lease"], removedIn: 22, "coordination.k8s.io/v1"),
        RemovedAPI(
            "rbac.authorization.k8s.io/v1beta1",
            ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
            removedIn: 22,
            "rbac.authorization.k8s.io/v1"
        ),
        RemovedAPI("scheduling.k8s.io/v1beta1", ["PriorityClass"], removedIn: 22, "scheduling.k8s.io/v1"),
        RemovedAPI(
            "storage.k8s.io/v1beta1",
            ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
            removedIn: 22,
            "storage.k8s.io/v1"
        ),
        RemovedAPI("autoscaling/v2beta1", ["HorizontalPodAutoscaler"], removedIn: 25, "autoscaling/v2"),
        RemovedAPI("batch/v1beta1", ["CronJob"], removedIn: 25, "batch/v1"),
        RemovedAPI("discovery.k8s.io/v1beta1", ["EndpointSlice"], removedIn: 25, "discovery.k8s.io/v1"),
        RemovedAPI("events.k8s.io/v1beta1", ["Event"], removedIn: 25, "events.k8s.io/v1"),
        RemovedAPI("node.k8s.io/v1beta1", ["RuntimeClass"], removedIn: 25, "node.k8s.io/v1"),
        RemovedAPI("policy/v1beta1", ["PodDisruptionBudget"], removedIn: 25, "policy/v1"),
        RemovedAPI("policy/v1beta1", ["PodSecurityPolicy"], removedIn: 25, nil),
        RemovedAPI("autoscaling/v2beta2", ["HorizontalPodAutoscaler"], removedIn: 26, "autoscaling/v2"),
        RemovedAPI(
            "flowcontrol.apiserver.k8s.io/v1beta1",
            ["FlowSchema", "PriorityLevelConfiguration"],
            removedIn: 26,
            "flowcontrol.apiserver.k8s.io/v1"
        ),
        RemovedAPI("storage.k8s.io/v1beta1", ["CSIStorageCapacity"], removedIn: 27, "storage.k8s.io/v1"),
        RemovedAPI(
            "flowcontrol.apiserver.k8s.io/v1beta2",
            ["FlowSchema", "PriorityLevelConfiguration"],
            removedIn: 29,
            "flowcontrol.apiserver.k8s.io/v1"
        ),
        RemovedAPI(
            "flowcontrol.apiserver.k8s.io/v1beta3",
            ["FlowSchema", "PriorityLevelConfiguration"],
            removedIn: 32,
            "flowcontrol.apiserver.k8s.io/v1"
        ),
    ]
}
