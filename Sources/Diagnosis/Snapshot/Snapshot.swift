// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// What was read from a cluster for one question, at about one moment.
///
/// Everything in it is already redacted. What is not here was either not there or could not be read; ``coverage``, the
/// inventories and ``unreadable`` tell one from the other, and ``exists(_:)`` puts them together.
public struct Snapshot: Sendable {
    /// What the question is about; nil for a whole namespace or cluster.
    public var subject: ObjectReference?
    /// Whether the question is about the whole cluster, so that a node on which nothing suffers yet matters too.
    public var isOfWholeCluster = false
    /// Whether the subject exists; nil if that could not be found out, or if there is no subject.
    public var subjectExists: Bool?
    /// The pods that belong to the subject.
    public var pods: [Pod] = [] { didSet { index = SnapshotIndex() } }
    /// The other pods of the same namespaces.
    ///
    /// Nothing is wrong with them as far as the question goes; Services, policies and nodes are judged by them too.
    public var neighbourPods: [Pod] = [] { didSet { index = SnapshotIndex() } }
    /// The workloads that belong to the subject, its owners among them.
    public var workloads: [Workload] = [] { didSet { index = SnapshotIndex() } }
    /// The other workloads of the same namespaces.
    public var neighbourWorkloads: [Workload] = [] { didSet { index = SnapshotIndex() } }
    /// The events about all of these, and about what is in the inventories.
    public var events: [Event] = [] { didSet { index = SnapshotIndex() } }
    /// How far pods, workloads and events are known, by kind.
    ///
    /// The inventories below know it of themselves.
    public var coverage: [String: Coverage] = [:]
    /// Whether single objects exist that ``Analyzers/lookups(in:)`` asked for, by their description.
    ///
    /// What is not in it is not known.
    public var existence: [String: Bool] = [:]
    /// Ends of logs: of a cluster those of containers that do not do well, of a bundle all that it holds.
    public var logs: [ContainerLog] = [] { didSet { index = SnapshotIndex() } }
    /// What a monitoring system complains about.
    public var alerts: [Alert] = []
    /// The certificates that Ingresses and Gateways serve, where it was allowed to look at them.
    public var certificates: [ServedCertificate] = []
    /// The version of the API server, such as `v1.31.2`; nil if nobody has asked.
    public var serverVersion: String?
    /// What could not be read.
    public var unreadable: [Unreadable] = []
    /// Whether something was left out to stay within bounds.
    public var isTruncated = false
    /// When it was read.
    public var takenAt: Timestamp { didSet { index = SnapshotIndex() } }
    /// Tables over the lists, made when they are asked for first and thrown away when a list changes.
    var index = SnapshotIndex()

    // MARK: Inventories of namespaces

    /// The Service objects that were seen.
    public var services = Inventory<Service>()
    /// The Endpoints objects that were seen.
    public var endpoints = Inventory<Endpoints>()
    /// The EndpointSlice objects that were seen.
    public var endpointSlices = Inventory<EndpointSlice>()
    /// The ConfigMap objects that were seen.
    public var configMaps = Inventory<ConfigMap>()
    /// The Secret objects that were seen, without their values; of a cluster none unless reading them is allowed.
    public var secrets = Inventory<Secret>()
    /// The ServiceAccount objects that were seen.
    public var serviceAccounts = Inventory<ServiceAccount>()
    /// The PersistentVolumeClaim objects that were seen.
    public var persistentVolumeClaims = Inventory<PersistentVolumeClaim>()
    /// The ResourceQuota objects that were seen.
    public var resourceQuotas = Inventory<ResourceQuota>()
    /// The LimitRange objects that were seen.
    public var limitRanges = Inventory<LimitRange>()
    /// The Role objects that were seen.
    public var roles = Inventory<Role>()
    /// The RoleBinding objects that were seen.
    public var roleBindings = Inventory<RoleBinding>()
    /// The Ingress objects that were seen.
    public var ingresses = Inventory<Ingress>()
    /// The NetworkPolicy objects that were seen.
    public var networkPolicies = Inventory<NetworkPolicy>()
    /// The HorizontalPodAutoscaler objects that were seen.
    public var horizontalPodAutoscalers = Inventory<HorizontalPodAutoscaler>()
    /// The PodDisruptionBudget objects that were seen.
    public var podDisruptionBudgets = Inventory<PodDisruptionBudget>()
    /// The CronJob objects that were seen.
    public var cronJobs = Inventory<CronJob>()
    /// The Gateway objects that were seen.
    public var gateways = Inventory<Gateway>()
    /// The routes of the Gateway API, of all kinds.
    public var routes = Inventory<Route>(byKind: \.kind)
    /// The ReferenceGrant objects that were seen.
    public var referenceGrants = Inventory<ReferenceGrant>()
    /// Objects of kinds that have no type here.
    public var customObjects = Inventory<CustomObject>(byKind: \.kind)

    // MARK: Inventories of the cluster

    /// The Node objects that were seen.
    public var nodes = Inventory<Node>()
    /// The Namespace objects that were seen.
    public var namespaces = Inventory<Namespace>()
    /// The PersistentVolume objects that were seen.
    public var persistentVolumes = Inventory<PersistentVolume>()
    /// The StorageClass objects that were seen.
    public var storageClasses = Inventory<StorageClass>()
    /// The IngressClass objects that were seen.
    public var ingressClasses = Inventory<IngressClass>()
    /// The PriorityClass objects that were seen.
    public var priorityClasses = Inventory<PriorityClass>()
    /// What the pods use, where a metrics server tells.
    public var podMetrics = Inventory<PodMetrics>()
    /// The RuntimeClass objects that were seen.
    public var runtimeClasses = Inventory<RuntimeClass>()
    /// The MutatingWebhookConfiguration objects that were seen.
    public var mutatingWebhookConfigurations = Inventory<MutatingWebhookConfiguration>()
    /// The ValidatingWebhookConfiguration objects that were seen.
    public var validatingWebhookConfigurations = Inventory<ValidatingWebhookConfiguration>()
    /// The CustomResourceDefinition objects that were seen.
    public var customResourceDefinitions = Inventory<CustomResourceDefinition>()
    /// The APIService objects that were seen.
    public var apiServices = Inventory<APIService>()
    /// The GatewayClass objects that were seen.
    public var gatewayClasses = Inventory<GatewayClass>()

    /// Creates a snapshot of nothing.
    public init(subject: ObjectReference? = nil, takenAt: Timestamp) {
        self.subject = subject
        self.takenAt = takenAt
    }
}
