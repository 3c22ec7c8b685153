// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What owns pods: a Deployment, ReplicaSet, StatefulSet, DaemonSet, ReplicationController or Job.
///
/// One type holds what they have in common, under the names that most of them use. It is for looking, not for
/// writing: an update with it would lose the rest.
public struct Workload: KubernetesObject, Hashable {
    /// Which of the kinds it is.
    ///
    /// Objects in a list do not say; whoever lists them fills it in.
    public var kind = ""
    public var metadata: ObjectMeta
    /// How many pods are wanted.
    ///
    /// A DaemonSet wants one for each node that fits (`status.desiredNumberScheduled`).
    public var replicas: Int?
    /// Which pods are its own; nil for a Job that leaves that to the server.
    public var selector: LabelSelector?
    /// The labels that its pods get.
    public var templateLabels: [String: String] = [:]
    /// What its pods are made of.
    public var template = PodSpec()
    /// Deployment: whether changes of the template are held back.
    public var isPaused = false
    /// Deployment: how long a rollout may make no progress.
    public var progressDeadlineSeconds: Int?
    /// Deployment: `RollingUpdate` or `Recreate`; StatefulSet and DaemonSet: `RollingUpdate` or `OnDelete`.
    public var updateStrategy = ""
    /// StatefulSet: the Service that gives its pods their names.
    public var serviceName = ""
    /// StatefulSet: `OrderedReady`, or `Parallel` if the pods do not wait for each other.
    public var podManagementPolicy = "OrderedReady"
    /// StatefulSet: the claims that each of its pods gets, named `<template>-<pod>`.
    public var claimTemplates: [PersistentVolumeClaim] = []
    /// Job: whether somebody has put it on hold.
    public var isSuspended = false
    /// Job: how long it may take.
    public var activeDeadlineSeconds: Int?
    /// Job: how often it may fail; nil: 6 times.
    public var backoffLimit: Int?
    /// Job: how many pods have to end well.
    public var completions: Int?
    /// Job: how many pods may run at once.
    public var parallelism: Int?
    /// What was observed.
    public var status = WorkloadStatus()

    /// Creates an empty workload.
    public init(kind: String = "", metadata: ObjectMeta) {
        self.kind = kind
        self.metadata = metadata
    }

    /// The kinds that this type can hold, with their place in the API.
    public static let kinds: [APIResource] = [
        APIResource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments"),
        APIResource(group: "apps", version: "v1", kind: "ReplicaSet", plural: "replicasets"),
        APIResource(group: "apps", version: "v1", kind: "StatefulSet", plural: "statefulsets"),
        APIResource(group: "apps", version: "v1", kind: "DaemonSet", plural: "daemonsets"),
        APIResource(group: "batch", version: "v1", kind: "Job", plural: "jobs"),
        APIResource(group: "", version: "v1", kind: "ReplicationController", plural: "replicationcontrollers"),
    ]

    /// How many pods ought to be ready; nil for a Job, whose pods come and go.
    public var wantedReplicas: Int? {
        switch kind {
        case "DaemonSet": status.desiredNumberScheduled
        case "Job": nil
        default: replicas ?? 1
        }
    }

    /// StatefulSet: the storage classes that the claims of its pods name.
    public var claimStorageClasses: [String] { claimTemplates.compactMap(\.spec.storageClassName) }

    /// How many pods are ready.
    public var readyReplicas: Int { kind == "DaemonSet" ? status.numberReady : status.readyReplicas }
}

/// What was observed of a workload.
public struct WorkloadStatus: Sendable, Hashable {
    /// How many pods there are.
    public var replicas = 0
    /// How many of them are ready.
    public var readyReplicas = 0
    /// How many pods are made of the present template.
    public var updatedReplicas = 0
    /// How many pods have been ready for long enough.
    public var availableReplicas = 0
    /// DaemonSet: how many nodes should run a pod.
    public var desiredNumberScheduled = 0
    /// DaemonSet: on how many of them it is ready.
    public var numberReady = 0
    /// DaemonSet: on how many of them there is a pod.
    public var currentNumberScheduled = 0
    /// Job: how many pods run.
    public var active = 0
    /// Job: how many pods failed.
    public var failed = 0
    /// Job: how many pods ended well.
    public var succeeded = 0
    /// The generation of the spec that was observed.
    public var observedGeneration: Int64?
    /// Conditions such as `Progressing`, `ReplicaFailure`, `Complete`, `Failed`.
    public var conditions: [Condition] = []

    /// Creates an empty status.
    public init() {}
}

extension Workload: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "kind": try reader.read(into: &kind)
            case "metadata": try reader.read(into: &metadata)
            case "spec": if try !reader.readNull() { try readSpec(from: &reader) }
            case "status": try reader.read(into: &status)
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readSpec(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "replicas": try reader.read(into: &replicas)
            case "selector": try reader.read(into: &selector)
            case "template": if try !reader.readNull() { try readTemplate(from: &reader) }
            case "serviceName": try reader.read(into: &serviceName)
            case "podManagementPolicy": try reader.read(into: &podManagementPolicy)
            case "volumeClaimTemplates": try reader.read(into: &claimTemplates)
            case "paused": try reader.read(into: &isPaused)
            case "progressDeadlineSeconds": try reader.read(into: &progressDeadlineSeconds)
            case "strategy", "updateStrategy": try readStrategy(from: &reader)
            case "backoffLimit": try reader.read(into: &backoffLimit)
            case "completions": try reader.read(into: &completions)
            case "parallelism": try reader.read(into: &parallelism)
            case "suspend": try reader.read(into: &isSuspended)
            case "activeDeadlineSeconds": try reader.read(into: &activeDeadlineSeconds)
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readStrategy(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "type": try reader.read(into: &updateStrategy)
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readTemplate(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata":
                var metadata = ObjectMeta()
                try reader.read(into: &metadata)
                templateLabels = metadata.labels
            case "spec": try reader.read(into: &template)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("kind", kind.isEmpty ? nil : kind)
            writer.field("metadata", metadata)
        }
    }
}

extension WorkloadStatus: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "replicas": try reader.read(into: &replicas)
            case "readyReplicas": try reader.read(into: &readyReplicas)
            case "desiredNumberScheduled": try reader.read(into: &desiredNumberScheduled)
            case "numberReady": try reader.read(into: &numberReady)
            case "currentNumberScheduled": try reader.read(into: &currentNumberScheduled)
            case "active": try reader.read(into: &active)
            case "failed": try reader.read(into: &failed)
            case "succeeded": try reader.read(into: &succeeded)
            case "updatedReplicas", "updatedNumberScheduled": try reader.read(into: &updatedReplicas)
            case "availableReplicas", "numberAvailable": try reader.read(into: &availableReplicas)
            case "observedGeneration": try reader.read(into: &observedGeneration)
            case "conditions": try reader.read(into: &conditions)
            default: try reader.skipValue()
            }
        }
    }
}
