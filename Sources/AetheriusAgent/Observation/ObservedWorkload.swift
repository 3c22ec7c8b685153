// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI

/// A kind of what makes pods.
///
/// Objects in a list do not say what they are, so the type does.
protocol WorkloadKind: Sendable {
    /// Its place in the API.
    static var resource: APIResource { get }
}

enum DeploymentKind: WorkloadKind {
    static let resource = APIResource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
}

enum StatefulSetKind: WorkloadKind {
    static let resource = APIResource(group: "apps", version: "v1", kind: "StatefulSet", plural: "statefulsets")
}

enum DaemonSetKind: WorkloadKind {
    static let resource = APIResource(group: "apps", version: "v1", kind: "DaemonSet", plural: "daemonsets")
}

enum JobKind: WorkloadKind {
    static let resource = APIResource(group: "batch", version: "v1", kind: "Job", plural: "jobs")
}

/// What makes pods, as far as an agent keeps it.
struct ObservedWorkload<Kind: WorkloadKind>: KubernetesObject, Hashable {
    var metadata = ObjectMeta()
    /// How many pods ought to be available; nil for a Job.
    var wanted: Int?
    /// How many are.
    var available = 0
    /// What is wrong; nil if nothing is.
    var trouble: ObservedPod.Trouble?

    init(_ workload: Workload) {
        metadata = workload.metadata.trimmed
        var workload = workload
        workload.kind = Kind.resource.kind
        wanted = workload.wantedReplicas
        available = workload.kind == "StatefulSet" ? workload.readyReplicas : workload.status.availableReplicas
        trouble = Self.trouble(of: workload)
    }

    init(from reader: inout JSONReader) throws(JSONError) { self.init(try Workload(from: &reader)) }

    func encode(to writer: inout JSONWriter) { PartialObjectMetadata(metadata: metadata).encode(to: &writer) }

    /// Whether every wanted pod is available.
    var isHealthy: Bool { trouble == nil && available >= wanted ?? 0 }

    /// A reference to it.
    var reference: ObjectReference {
        ObjectReference(
            apiVersion: Kind.resource.apiVersion,
            kind: Kind.resource.kind,
            namespace: metadata.namespace ?? "",
            name: metadata.name,
            uid: metadata.uid
        )
    }

    private static func trouble(of workload: Workload) -> ObservedPod.Trouble? {
        let conditions = workload.status.conditions
        func trouble(_ type: String, _ status: Condition.Value, _ word: String) -> ObservedPod.Trouble? {
            guard let condition = conditions[type], condition.status == status else { return nil }
            let reason = condition.reason.isEmpty ? word : condition.reason
            return ObservedPod.Trouble(reason: reason, message: SafeText.of(condition.message), container: nil)
        }
        switch workload.kind {
        case "Job": return trouble("Failed", .true, "Failed")
        default:
            return trouble("ReplicaFailure", .true, "ReplicaFailure")
                ?? trouble("Progressing", .false, "ProgressDeadlineExceeded")
        }
    }
}
