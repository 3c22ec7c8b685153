// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
import KubeClient
public import Logging
public import ServiceLifecycle
import Synchronization

/// Keeps the objects of one kind in memory, as new as the API server's, and tells handlers what happens to them.
///
/// One informer serves any number of readers (``store``) and handlers. It is a `Service`: it works while ``run()``
/// runs.
///
/// ```swift
/// let pods = Informer(client.resources(Pod.self), logger: logger)
/// try pods.addHandler { event in print(event.key) }
/// ```
public final class Informer<Object: KubernetesObject>: ServiceLifecycle.Service {
    enum Phase {
        case new
        case running
        case stopped
    }

    struct State {
        var phase = Phase.new
        var handlers: [InformerHandler<Object>] = []
        /// The parts of the collection whose first list is not in the store.
        var missingParts: Set<String?>

        var hasSynced: Bool { missingParts.isEmpty }
    }

    /// The objects.
    ///
    /// A handler that reads it finds at least what it has been told.
    public let store: Store<Object>
    let state: Mutex<State>
    let synced = Latch()
    let parts: [InformerPart<Object>]
    let clock: AnyClock
    let logger: Logger
    let transform: (@Sendable (inout Object) throws -> Void)?
    let afterReplace: @Sendable (Int) -> Void
    let newHandlers: AsyncStream<InformerHandler<Object>>
    let newHandlersContinuation: AsyncStream<InformerHandler<Object>>.Continuation

    /// Creates an informer.
    /// - Parameters:
    ///   - source: where the objects are, such as `client.resources(Pod.self)`.
    ///   - configuration: selectors, page size and delays.
    ///   - indexes: the ways to find objects in ``store``.
    ///   - clock: what delays are measured with.
    ///   - random: where jitter comes from.
    ///   - logger: gets a message for each failure.
    ///   - transform: changes each object once, before anybody sees it, such as by removing what nobody reads. It must
    ///     leave name, namespace, UID and version as they are. An object on which it throws is left out, or stays what
    ///     it was, and the error is logged.
    ///   - afterReplace: is called after each complete list, with the number of its objects, when the objects it
    ///     replaced are gone. The default is ``returnMemoryOfLargeList(_:)``.
    public convenience init<Source: ListerWatcher>(
        _ source: Source,
        configuration: ReflectorConfiguration = ReflectorConfiguration(),
        indexes: [Index<Object>] = [],
        clock: AnyClock = .continuous,
        random: RandomSource = .system,
        logger: Logger,
        transform: (@Sendable (inout Object) throws -> Void)? = nil,
        afterReplace: @escaping @Sendable (Int) -> Void = Informer.returnMemoryOfLargeList
    ) where Source.Object == Object {
        self.init(
            namespaces: [],
            configuration: configuration,
            indexes: indexes,
            clock: clock,
            random: random,
            logger: logger,
            transform: transform,
            afterReplace: afterReplace,
            source: { _ in source }
        )
    }

    /// Creates an informer for several namespaces, which share one store and one set of handlers.
    ///
    /// Each namespace is followed by itself. The informer has synced once all of them have.
    ///
    /// ```swift
    /// let pods = Informer<Pod>(namespaces: ["shop", "billing"], logger: logger) {
    ///     client.resources(Pod.self, namespace: $0)
    /// }
    /// ```
    /// - Parameters:
    ///   - namespaces: the namespaces; none, or an empty name among them, for the whole cluster.
    ///   - configuration: selectors, page size and delays.
    ///   - indexes: the ways to find objects in ``store``.
    ///   - clock: what delays are measured with.
    ///   - random: where jitter comes from.
    ///   - logger: gets a message for each failure.
    ///   - transform: changes each object once, before anybody sees it; as with one source.
    ///   - afterReplace: is called after each complete list of a namespace, with the number of its objects.
    ///   - source: where the objects of a namespace are; of the whole cluster, if the namespace is nil.
    public init<Source: ListerWatcher>(
        namespaces: Set<String>,
        configuration: ReflectorConfiguration = ReflectorConfiguration(),
        indexes: [Index<Object>] = [],
        clock: AnyClock = .continuous,
        random: RandomSource = .system,
        logger: Logger,
        transform: (@Sendable (inout Object) throws -> Void)? = nil,
        afterReplace: @escaping @Sendable (Int) -> Void = Informer.returnMemoryOfLargeList,
        source: (_ namespace: String?) -> Source
    ) where Source.Object == Object {
        // Whoever asks for everything and a namespace would get the objects of the namespace twice.
        let names: [String?] = namespaces.isEmpty || namespaces.contains("") ? [nil] : namespaces.sorted()
        parts = names.map { name in
            let reflector = Reflector(
                source(name),
                configuration: configuration,
                clock: clock,
                random: random,
                logger: logger
            )
            return InformerPart(namespace: name) { await reflector.run($0) }
        }
        store = Store(parts: names, indexes: indexes)
        state = Mutex(State(missingParts: Set(names)))
        self.clock = clock
        self.logger = logger
        self.transform = transform
        self.afterReplace = afterReplace
        (newHandlers, newHandlersContinuation) = AsyncStream.makeStream()
    }

    /// Whether the store holds the first complete list, of each namespace if there are several.
    ///
    /// The handlers may not have heard of it yet.
    public var hasSynced: Bool { synced.isOpen }

    /// Waits until ``hasSynced`` is true.
    public func waitForSync() async throws(CancellationError) { try await synced.wait() }

    /// Gives memory back to the system after a list of a thousand objects or more.
    ///
    /// The C library would keep for ever what the list took while it was read.
    @Sendable
    public static func returnMemoryOfLargeList(_ objectCount: Int) {
        if objectCount >= 1000 { ProcessMemory.returnUnused() }
    }

    /// Follows the collection until the task is cancelled or the service shut down.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/configuration`` if it has run before.
    public func run() async throws {
        let isFirst = state.withLock { state in
            guard state.phase == .new else { return false }
            state.phase = .running
            return true
        }
        guard isFirst else {
            throw KubeError(code: .configuration, message: "the informer of \(Object.self) has run before")
        }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for part in self.parts {
                    group.addTask { await part.follow { self.receive($0, from: part) } }
                }
                for await handler in self.newHandlers {
                    group.addTask {
                        await handler.run(clock: self.clock, logger: self.logger) { self.resync(handler) }
                    }
                }
            }
        }
        state.withLock { state in
            state.phase = .stopped
            state.handlers = []
        }
        newHandlersContinuation.finish()
    }
}
