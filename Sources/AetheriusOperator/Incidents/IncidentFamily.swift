// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI

/// What kind of trouble an event is about: events of one workload and one family are one incident.
///
/// Kubernetes tells one trouble under several reasons: an image that is not there is `Failed`, `BackOff` and
/// `ErrImagePull` in turns.
enum IncidentFamily: Hashable, Sendable {
    case image, startup, scheduling, volume, node, creation, scaling, network
    /// A reason that no other reason goes with.
    case other(String)

    /// The family of an event.
    init(reason: String, message: String) {
        let isAboutImage = message.contains("image") || message.contains("Image")
        switch reason {
        case "BackOff", "Failed", "FailedSync": self = isAboutImage ? .image : .startup
        default: self = Self.table[reason] ?? .other(reason)
        }
    }

    /// The word that stands for the family in hashes; it must never change.
    var word: String {
        switch self {
        case .image: "image"
        case .startup: "startup"
        case .scheduling: "scheduling"
        case .volume: "volume"
        case .node: "node"
        case .creation: "creation"
        case .scaling: "scaling"
        case .network: "network"
        case .other(let reason): "other:\(reason)"
        }
    }

    private static let table: [String: IncidentFamily] = {
        let words: [(IncidentFamily, String)] = [
            (
                .image,
                """
                ErrImagePull ImagePullBackOff ErrImageNeverPull InvalidImageName ImageInspectError InspectFailed \
                RegistryUnavailable FailedToRetrieveImagePullSecret
                """
            ),
            (
                .startup,
                """
                CrashLoopBackOff Unhealthy ProbeError ProbeWarning OOMKilled StartError RunContainerError \
                CreateContainerError CreateContainerConfigError FailedStartHook FailedPostStartHook \
                FailedCreatePodContainer BackoffLimitExceeded DeadlineExceeded ProgressDeadlineExceeded
                """
            ),
            (
                .scheduling,
                """
                FailedScheduling Preempted WaitForPodScheduled HostPortConflict NodeSelectorMismatching \
                InsufficientFreeCPU InsufficientFreeMemory OutOfcpu OutOfmemory OutOfpods UnexpectedAdmissionError \
                TopologyAffinityError
                """
            ),
            (
                .volume,
                """
                FailedMount FailedAttachVolume FailedMapVolume FailedBinding ProvisioningFailed FailedUnmount \
                FailedUnMount FailedDetachVolume VolumeResizeFailed FileSystemResizeFailed ClaimLost VolumeMismatch
                """
            ),
            (
                .node,
                """
                NodeNotReady NodeStatusUnknown NodeUnreachable KubeletUnhealthy ContainerdUnhealthy DockerHung \
                KernelDeadlock NodeHasDiskPressure NodeHasMemoryPressure NodeHasPIDPressure EvictionThresholdMet \
                SystemOOM OOMKilling Evicted TaintManagerEviction NodeNotSchedulable
                """
            ),
            (.creation, "FailedCreate ReplicaFailure FailedDaemonPod FailedValidation"),
            (
                .scaling,
                """
                FailedGetScale FailedRescale FailedGetResourceMetric FailedComputeMetricsReplicas FailedGetPodsMetric \
                FailedGetExternalMetric FailedGetObjectMetric FailedGetContainerResourceMetric FailedUpdateScale
                """
            ),
            (.network, "NetworkNotReady NetworkFailed FailedCreatePodSandBox FailedPodSandBoxStatus"),
        ]
        var table: [String: IncidentFamily] = [:]
        for (family, reasons) in words {
            for reason in reasons.split(separator: " ") { table[String(reason)] = family }
        }
        return table
    }()
}
