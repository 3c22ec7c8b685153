// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
public import KubeClient
public import Logging
public import ServiceLifecycle
import Synchronization

/// Makes informers, and the same one for the same question: one store for each kind, selection and Swift type.
///
/// It belongs to whoever makes it; there is none that everybody shares. Reading never makes an informer, and an
/// informer that is asked for while the factory runs begins at once.
///
/// ```swift
/// let factory = SharedInformerFactory(client: client, namespaces: ["shop"], logger: logger)
/// let pods = try factory.informer(for: Pod.self, labelSelector: "app=web")
/// let secrets = try factory.informer(for: PartialObjectMetadata.self, of: secretResource)
/// try await factory.run()
/// ```
public final class SharedInformerFactory: ServiceLifecycle.Service {
    private struct Question: Hashable {
        var resource: APIResource
        var labelSelector: String?
        var fieldSelector: String?
        /// What is kept of an object is decided by the type that reads it.
        var projection: ObjectIdentifier
    }

    private struct State {
        var informers: [Question: any SyncingService] = [:]
        var hasRun = false
        var isStopped = false
    }

    private let client: KubernetesClient
    private let namespaces: Set<String>
    private let configuration: ReflectorConfiguration
    private let clock: AnyClock
    private let random: RandomSource
    private let logger: Logger
    private let state = Mutex(State())
    private let newInformers: AsyncStream<any SyncingService>
    private let newInformersContinuation: AsyncStream<any SyncingService>.Continuation

    /// Creates a factory.
    /// - Parameters:
    ///   - client: the connection to the API server.
    ///   - namespaces: where to look for objects of kinds that live in namespaces; none for the whole cluster.
    ///   - configuration: page size and delays of all informers. Its selectors hold where none is asked for.
    ///   - clock: what delays are measured with.
    ///   - random: where jitter comes from.
    ///   - logger: gets a message for each failure.
    public init(
        client: KubernetesClient,
        namespaces: Set<String> = [],
        configuration: ReflectorConfiguration = ReflectorConfiguration(),
        clock: AnyClock = .continuous,
        random: RandomSource = .system,
        logger: Logger
    ) {
        self.client = client
        self.namespaces = namespaces
        self.configuration = configuration
        self.clock = clock
        self.random = random
        self.logger = logger
        (newInformers, newInformersContinuation) = AsyncStream.makeStream()
    }

    /// The informer of a kind that has a Swift type.
    /// - Parameters:
    ///   - type: the Swift type.
    ///   - labelSelector: only objects with these labels.
    ///   - fieldSelector: only objects with these field values.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/cancelled`` if the factory has stopped.
    public func informer<Object: Resource>(
        for type: Object.Type,
        labelSelector: String? = nil,
        fieldSelector: String? = nil
    ) throws(KubeError) -> Informer<Object> {
        try informer(
            for: type,
            of: Object.apiResource,
            labelSelector: labelSelector,
            fieldSelector: fieldSelector
        )
    }

    /// The informer of any kind, read as the given type: `PartialObjectMetadata` for the metadata only,
    /// `ProjectedObject` for chosen fields, `DynamicObject` for all.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/cancelled`` if the factory has stopped.
    public func informer<Object: KubernetesObject>(
        for type: Object.Type,
        of resource: APIResource,
        labelSelector: String? = nil,
        fieldSelector: String? = nil
    ) throws(KubeError) -> Informer<Object> {
        var configuration = configuration
        if let labelSelector { configuration.labelSelector = labelSelector }
        if let fieldSelector { configuration.fieldSelector = fieldSelector }
        let question = Question(
            resource: resource,
            labelSelector: configuration.labelSelector,
            fieldSelector: configuration.fieldSelector,
            projection: ObjectIdentifier(type)
        )
        let (informer, isStopped): (Informer<Object>, Bool) = state.withLock { state in
            // The question names the type, so that the cast always succeeds.
            if let known = state.informers[question] as? Informer<Object> { return (known, state.isStopped) }
            let informer = Informer<Object>(
                namespaces: resource.isNamespaced ? namespaces : [],
                configuration: configuration,
                clock: clock,
                random: random,
                logger: logger
            ) { client.resources(Object.self, of: resource, namespace: $0) }
            if !state.isStopped {
                state.informers[question] = informer
                newInformersContinuation.yield(informer)
            }
            return (informer, state.isStopped)
        }
        if isStopped { throw KubeError(code: .cancelled, message: "the informer factory has stopped") }
        return informer
    }

    /// How many informers there are.
    public var count: Int { state.withLock { $0.informers.count } }

    /// Whether every informer that there is by now holds its first list.
    public var hasSynced: Bool { state.withLock { $0.informers.values.allSatisfy(\.hasSynced) } }

    /// Waits until ``hasSynced`` is true of the informers that there are by now.
    public func waitForSync() async throws(CancellationError) {
        let informers = state.withLock { Array($0.informers.values) }
        for informer in informers { try await informer.waitForSync() }
    }

    /// Runs all informers, also those that are asked for later, until the task is cancelled or the service shut down.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/configuration`` if it has run before, or if somebody else runs one
    ///   of its informers.
    public func run() async throws {
        let isFirst = state.withLock { state in
            defer { state.hasRun = true }
            return !state.hasRun
        }
        guard isFirst else { throw KubeError(code: .configuration, message: "the informer factory has run before") }
        defer {
            state.withLock { $0.isStopped = true }
            newInformersContinuation.finish()
        }
        try await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                for await informer in self.newInformers { group.addTask { try await informer.run() } }
            }
        }
    }
}

extension SharedInformerFactory: SyncingService {}
