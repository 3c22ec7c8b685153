// SPDX-License-Identifier: Apache-2.0
public import AetheriusAPI

/// How bad an event is, by its reason.
///
/// The reasons are those of the kubelet, the scheduler, the controllers of Kubernetes, the node problem detector and
/// the programs that most clusters run besides. A reason that is not here is ``other`` if the event is a Warning, and
/// not reported if it is Normal.
public enum ReasonTable {
    /// The severity of Warnings with a reason that the table does not have.
    public static let other = Severity.medium

    /// Reasons that tell of trouble although the events that carry them are Normal.
    public static let normalTroubles: Set<String> = [
        "NodeNotReady", "NodeNotSchedulable", "NodeHasDiskPressure", "NodeHasMemoryPressure", "NodeHasPIDPressure",
        "RemovingNode", "TaintManagerEviction", "WaitForPodScheduled",
    ]

    /// The severity of each reason.
    public static let severities: [String: Severity] = {
        var table: [String: Severity] = [:]
        for (severity, words) in [
            (Severity.critical, critical), (.high, high), (.medium, medium), (.low, low),
        ] {
            for word in words.split(whereSeparator: \.isWhitespace) { table[String(word)] = severity }
        }
        return table
    }()

    /// The severity of an event; nil if it is none to report.
    /// - Parameters:
    ///   - reason: the event's reason.
    ///   - isWarning: whether its type is Warning.
    public static func severity(of reason: String, isWarning: Bool) -> Severity? {
        guard isWarning || normalTroubles.contains(reason) else { return nil }
        return severities[reason] ?? other
    }

    /// Nodes that are gone or about to evict what they run, and data that is gone.
    private static let critical = """
        NodeNotReady NodeStatusUnknown NodeUnreachable EvictionThresholdMet SystemOOM OOMKilling KubeletSetupFailed
        KernelDeadlock KernelOops ReadonlyFilesystem CorruptDockerOverlay2 DockerHung ContainerdUnhealthy
        KubeletUnhealthy CIDRAssignmentFailed CIDRNotAvailable ClusterIPOutOfRange ClaimLost 
        ContainerGCFailed Rebooted InvalidDiskCapacity FreeDiskSpaceFailed TaskHung FilesystemIsReadOnly
        """

    /// Workloads that do not run, or not as they should.
    private static let high = """
        BackOff CrashLoopBackOff Failed FailedScheduling FailedMount FailedAttachVolume FailedMapVolume FailedBinding
        ProvisioningFailed FailedCreate FailedCreatePodSandBox FailedPodSandBoxStatus FailedKillPod
        FailedCreatePodContainer FailedStartHook FailedPostStartHook FailedSync ErrImagePull ImagePullBackOff
        ErrImageNeverPull InvalidImageName ImageInspectError RegistryUnavailable InspectFailed Evicted Preempted
        OOMKilled BackoffLimitExceeded DeadlineExceeded PodFailurePolicy FailedIndexes NetworkNotReady
        NetworkFailed HostPortConflict HostNetworkNotSupported NodeSelectorMismatching InsufficientFreeCPU
        InsufficientFreeMemory OutOfDisk OutOfcpu OutOfmemory OutOfpods UnexpectedAdmissionError TopologyAffinityError
        NodeHasDiskPressure NodeHasMemoryPressure NodeHasPIDPressure TaintManagerEviction VolumeResizeFailed
        FileSystemResizeFailed FailedUnmount FailedUnMount FailedDetachVolume CreateContainerConfigError
        CreateContainerError RunContainerError StartError ProgressDeadlineExceeded ReplicaFailure FailedDaemonPod
        FailedPrepareDynamicResources SyncLoadBalancerFailed FailedValidation OwnerRefInvalidNamespace IssuerNotReady
        ErrInitIssuer 
        """

    /// What is wrong without anybody noticing yet, or mends itself.
    private static let medium = """
        Unhealthy ProbeError ProbeWarning FailedPreStopHook ExceededGracePeriod NodeNotSchedulable RemovingNode
        FailedGetScale FailedRescale FailedGetResourceMetric FailedComputeMetricsReplicas FailedGetPodsMetric
        FailedGetExternalMetric FailedGetObjectMetric FailedGetContainerResourceMetric FailedUpdateScale
        InvalidMetricSourceType InvalidSelector SelectorRequired AmbiguousSelector NoPods NoControllers
        CalculateExpectedPodCountFailed FailedDelete FailedUpdate FailedUpdateStatus FailedToUpdateEndpoint
        FailedToUpdateEndpointSlices FailedToCreateEndpoint UpdateLoadBalancerFailed CreatingLoadBalancerFailed
        DeletingLoadBalancerFailed UnAvailableLoadBalancer ListLoadBalancersFailed VolumeFailedDelete
        VolumeFailedRecycle VolumeMismatch RecyclerPodFailed DetectedUnhealthy MissingClusterDNS DNSConfigForming
        FailedToRetrieveImagePullSecret FailedNodeAllocatableEnforcement ImageGCFailed FailedMountOnFilesystemMismatch
        VolumeConditionAbnormal MissingJob TooManyMissedTimes UnexpectedJob FailedNeedsStart UnparseableSchedule
        UnknownTimeZone InvalidSchedule SyncError

        """

    /// Worth knowing.
    private static let low = """
        WaitForPodScheduled AlreadyMountedVolume InvalidEnvironmentVariableNames
        InvalidVariableNames NodeSysctlChange CheckLimitsForResolvConf SnapshotContentMisbound
        PolicyViolation TopologyAwareHintsDisabled
        JobAlreadyActive IPAddressWrongReference IPAddressNotAllocated ClusterIPNotAllocated ClusterIPAlreadyAllocated
        PortNotAllocated PortAlreadyAllocated UnsupportedMountOption
        """
}
