// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle

/// Keeps in memory what an agent has to know of its cluster, and no more: projections of some kinds.
///
/// Events are not kept: a cluster has hundreds of thousands of them. They pass through ``EventIntake``.
final class TargetObservation: ServiceLifecycle.Service {
    static let ingressResource = APIResource(
        group: "networking.k8s.io",
        version: "v1",
        kind: "Ingress",
        plural: "ingresses"
    )
    static let replicaSetResource = APIResource(
        group: "apps",
        version: "v1",
        kind: "ReplicaSet",
        plural: "replicasets"
    )

    let client: KubernetesClient
    let health = CollectionHealth()
    let pods: Informer<ObservedPod>
    let deployments: Informer<ObservedWorkload<DeploymentKind>>
    let statefulSets: Informer<ObservedWorkload<StatefulSetKind>>
    let daemonSets: Informer<ObservedWorkload<DaemonSetKind>>
    let jobs: Informer<ObservedWorkload<JobKind>>
    let replicaSets: Informer<PartialObjectMetadata>
    let nodes: Informer<ObservedNode>
    let claims: Informer<ObservedClaim>
    let services: Informer<PartialObjectMetadata>
    let ingresses: Informer<PartialObjectMetadata>
    let namespaces: Informer<PartialObjectMetadata>
    let census = EventCensus()
    private let intake: EventIntake
    private let logger: Logger

    init(client: KubernetesClient, intake: EventIntake, logger: Logger) {
        self.client = client
        self.intake = intake
        self.logger = logger
        let health = health
        func informer<Object: KubernetesObject>(
            _ resource: APIResource,
            indexes: [Index<Object>] = []
        ) -> Informer<Object> {
            Informer(
                MonitoredSource(
                    base: client.resources(Object.self, of: resource),
                    plural: resource.plural,
                    health: health
                ),
                configuration: TargetObservation.reflection,
                indexes: indexes,
                logger: logger,
                // What only counts is cut down here; the other types have nothing but what is needed.
                transform: { $0.metadata = $0.metadata.trimmed }
            )
        }
        pods = informer(Pod.apiResource, indexes: [TargetObservation.byPhase, TargetObservation.unwell])
        deployments = informer(DeploymentKind.resource)
        statefulSets = informer(StatefulSetKind.resource)
        daemonSets = informer(DaemonSetKind.resource)
        jobs = informer(JobKind.resource)
        replicaSets = informer(TargetObservation.replicaSetResource)
        nodes = informer(Node.apiResource)
        claims = informer(PersistentVolumeClaim.apiResource)
        services = informer(Service.apiResource)
        ingresses = informer(TargetObservation.ingressResource)
        namespaces = informer(Namespace.apiResource)
    }

    /// Pods by phase, so that they can be counted without looking at each.
    private static let byPhase = Index<ObservedPod>("phase") { [$0.phase] }
    /// The pods that are not as they should be: few, of many.
    private static let unwell = Index<ObservedPod>("unwell") { $0.isWell ? [] : ["yes"] }

    /// Lists come in pages: a large one as a whole would cost more memory than all that is kept of it.
    private static var reflection: ReflectorConfiguration { ReflectorConfiguration(pageSize: 250, alwaysPages: true) }

    /// The pods that are not as they should be.
    var unwellPods: [ObservedPod] { pods.store.objects(in: Self.unwell.name, value: "yes") }

    /// How many pods are in a phase.
    func podCount(_ phase: String) -> Int { pods.store.keys(in: Self.byPhase.name, value: phase).count }

    /// What is observed, by plural name.
    private var informers: [(plural: String, informer: any SyncingService)] {
        [
            (Pod.apiResource.plural, pods), (DeploymentKind.resource.plural, deployments),
            (StatefulSetKind.resource.plural, statefulSets), (DaemonSetKind.resource.plural, daemonSets),
            (JobKind.resource.plural, jobs), (Self.replicaSetResource.plural, replicaSets),
            (Node.apiResource.plural, nodes), (PersistentVolumeClaim.apiResource.plural, claims),
            (Service.apiResource.plural, services), (Self.ingressResource.plural, ingresses),
            (Namespace.apiResource.plural, namespaces),
        ]
    }

    /// The kinds of which the first list is neither there nor known to fail.
    var pendingKinds: [String] {
        informers.filter { !$0.informer.hasSynced && health.isReadable($0.plural) }.map(\.plural)
    }

    /// Whether a first list is not there that may still come, even if it has failed before.
    ///
    /// It may be so for ever, so whoever waits for it needs a limit.
    var isLearning: Bool { informers.contains { !$0.informer.hasSynced && !health.isRefused($0.plural) } }

    /// Follows the cluster until the task is cancelled or the service shut down.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for (_, informer) in self.informers {
                    // An informer runs once, and so does this.
                    group.addTask { try? await informer.run() }
                }
                group.addTask { await self.followEvents() }
            }
        }
    }

    private func followEvents() async {
        do { try await intake.waitForSettings() } catch { return }
        // Events are folded by their owners, which should be known by then.
        let deadline = ContinuousClock.now + .seconds(60)
        while isLearning, ContinuousClock.now < deadline {
            do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
        }
        let resource = Event.apiResource
        let source = MonitoredSource(
            base: client.resources(Event.self),
            plural: resource.plural,
            health: health
        )
        var configuration = Self.reflection
        configuration.fieldSelector = EventIntake.selector
        let reflector = Reflector(source, configuration: configuration, logger: logger)
        let owners = OwnerResolver(self)
        await reflector.run { event in
            self.census.receive(event)
            self.intake.receive(event, owners)
        }
    }
}
