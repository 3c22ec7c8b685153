// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// Finds one family of faults.
///
/// An analyzer is pure: it looks at a snapshot and nothing else. To add one: a file in `Analyzers`, a line in
/// ``Analyzers/all``, a test, and an entry in ``detections`` for each class.
///
/// The rule that matters most: the present state decides. An event or an earlier termination tells of the past; it
/// counts only if the object still shows the trouble.
public protocol Analyzer: Sendable {
    /// Every class that it can find, symptoms too.
    ///
    /// `docs/detections.md` is made from it; see ``Detection``.
    var detections: [Detection] { get }

    /// Kinds of which it needs the whole list, because of what the snapshot shows so far.
    ///
    /// What has not been read yet is read then. If it cannot be, the answer says so; of a list that nobody consults
    /// it does not matter. An analyzer names here whatever a finding of it, or its silence, may hang on, and nothing
    /// in the snapshot of an object that does well.
    func consults(in snapshot: Snapshot) -> [APIResource]

    /// Single objects outside of the snapshot of which it has to know whether they exist.
    ///
    /// It asks only for what the snapshot gives it a reason to doubt.
    func lookups(in snapshot: Snapshot) -> [ObjectReference]

    /// What is wrong in the snapshot, as far as this analyzer can tell.
    func findings(in snapshot: Snapshot) -> [Finding]

    /// What a person could do about a cause; empty for causes that another analyzer finds.
    func recommendations(for cause: Cause) -> [Recommendation]
}

extension Analyzer {
    public var detections: [Detection] { [] }

    public func consults(in snapshot: Snapshot) -> [APIResource] { [] }

    public func lookups(in snapshot: Snapshot) -> [ObjectReference] { [] }

    public func recommendations(for cause: Cause) -> [Recommendation] { [] }
}

/// Something that a person could do.
public struct Recommendation: Sendable, Hashable {
    /// How much can go wrong with it.
    public enum Risk: String, Sendable, Hashable {
        /// It only looks.
        case none = "None"
        /// It changes something that is easy to take back.
        case low = "Low"
        /// It interrupts something.
        case medium = "Medium"
        /// It can lose something.
        case high = "High"
    }

    /// What to do, in a few words.
    public var title: String
    /// Why, and what to expect.
    public var description: String
    /// A command that does it or shows more.
    public var command: String?
    /// How much can go wrong with it.
    public var risk: Risk

    /// Creates a recommendation.
    public init(title: String, description: String, command: String? = nil, risk: Risk) {
        self.title = title
        self.description = description
        self.command = command
        self.risk = risk
    }
}

/// The analyzers.
public enum Analyzers {
    /// All of them.
    ///
    /// Their order does not matter.
    public static let all: [any Analyzer] = [
        APIExtensionAnalyzer(),
        AccessForbiddenAnalyzer(),
        AlertAnalyzer(),
        ApplicationStartAnalyzer(),
        AutoscalerAnalyzer(),
        CertificateAnalyzer(),
        ClaimAnalyzer(),
        ClusterDNSAnalyzer(),
        ContainerConfigAnalyzer(),
        CrashAnalyzer(),
        CronJobAnalyzer(),
        CustomResourceAnalyzer(),
        DatabaseAnalyzer(),
        DeletionAnalyzer(),
        DependencyAddressAnalyzer(),
        DependencyUnavailableAnalyzer(),
        DisruptionBudgetAnalyzer(),
        GatewayAnalyzer(),
        ImagePullAnalyzer(),
        IngressAnalyzer(),
        IngressConflictAnalyzer(),
        InitContainerAnalyzer(),
        JobAnalyzer(),
        KubeletVersionAnalyzer(),
        MissingUpstreamAnalyzer(),
        NameResolutionAnalyzer(),
        NetworkPolicyAnalyzer(),
        NodeAgentAnalyzer(),
        NodeAnalyzer(),
        NodeNameAnalyzer(),
        OutOfMemoryAnalyzer(),
        PodFailedAnalyzer(),
        PodQuotaAnalyzer(),
        PodSandboxAnalyzer(),
        PortConflictAnalyzer(),
        ProbeAnalyzer(),
        ReadinessGateAnalyzer(),
        ReplicaFailureAnalyzer(),
        RolloutAnalyzer(),
        RouteAnalyzer(),
        RoutingTableAnalyzer(),
        ScaledToZeroAnalyzer(),
        SchedulerAnalyzer(),
        SchedulingGateAnalyzer(),
        ServedCertificateAnalyzer(),
        ServiceAddressAnalyzer(),
        ServicePortAnalyzer(),
        ServiceQuotaAnalyzer(),
        ServiceSelectorAnalyzer(),
        StatefulSetAnalyzer(),
        StorageQuotaAnalyzer(),
        SubjectAnalyzer(),
        TerminatingAnalyzer(),
        ThrottlingAnalyzer(),
        TrafficPolicyAnalyzer(),
        UnschedulableAnalyzer(),
        UnservedAPIAnalyzer(),
        VolumeFullAnalyzer(),
        VolumeMountAnalyzer(),
        VolumePermissionAnalyzer(),
        WebhookAnalyzer(),
        WorkloadAvailabilityAnalyzer(),
    ]

    /// Single objects of which somebody has to find out whether they exist, each once.
    public static func lookups(in snapshot: Snapshot) -> [ObjectReference] {
        var seen: Set<String> = []
        return all.flatMap { $0.lookups(in: snapshot) }.filter { seen.insert($0.description).inserted }
    }

    /// The kinds of which some analyzer needs the whole list, each once.
    public static func consults(in snapshot: Snapshot) -> [APIResource] {
        var seen: Set<APIResource> = []
        return all.flatMap { $0.consults(in: snapshot) }.filter { seen.insert($0).inserted }
    }

    /// What is wrong in a snapshot.
    public static func findings(in snapshot: Snapshot) -> [Finding] {
        all.flatMap { $0.findings(in: snapshot) }
    }

    /// The same, looked for on as many processors as there are.
    static func findingsInParallel(in snapshot: Snapshot) async -> [Finding] {
        await withTaskGroup(of: (number: Int, findings: [Finding]).self) { group in
            for (number, analyzer) in all.enumerated() {
                group.addTask { (number, analyzer.findings(in: snapshot)) }
            }
            var found = [[Finding]](repeating: [], count: all.count)
            for await part in group { found[part.number] = part.findings }
            return found.flatMap(\.self)
        }
    }

    /// What a person could do about a cause.
    public static func recommendations(for cause: Cause) -> [Recommendation] {
        all.flatMap { $0.recommendations(for: cause) }
    }
}
