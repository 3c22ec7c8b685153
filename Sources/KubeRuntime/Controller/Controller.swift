// SPDX-License-Identifier: Apache-2.0
import KubeClient
public import Logging
public import ServiceLifecycle
import Synchronization

/// Calls a ``Reconciler`` whenever something happens that concerns one of its objects.
///
/// ```swift
/// let controller = Controller(
///     "web",
///     reconciler: WebReconciler(webs: webs.store),
///     sources: [
///         .for(webs, where: .generationChanged),
///         .owns(deployments, by: Web.self),
///         .watches(secrets) { secret in websUsing(secret) },
///     ],
///     logger: logger
/// )
/// ```
public final class Controller<R: Reconciler>: Service {
    /// The controller's name, in log messages and metrics.
    public let name: String
    private let reconciler: R
    private let sources: [Source<R.Request>]
    private let configuration: ControllerConfiguration
    private let clock: AnyClock
    private let logger: Logger
    private let queue: WorkQueue<R.Request>
    private let metrics: ControllerMetrics?
    private let hasRun = Mutex(false)
    private let started = Latch()

    /// Creates a controller.
    /// - Parameters:
    ///   - name: names the controller in log messages and metrics.
    ///   - reconciler: does the work.
    ///   - sources: what makes it work. Their informers have to run.
    ///   - configuration: how many at a time, and how patiently.
    ///   - clock: what delays are measured with.
    ///   - logger: gets the messages, with the controller's name.
    public init(
        _ name: String,
        reconciler: R,
        sources: [Source<R.Request>],
        configuration: ControllerConfiguration = ControllerConfiguration(),
        clock: AnyClock = .continuous,
        logger: Logger
    ) {
        self.name = name
        self.reconciler = reconciler
        self.sources = sources
        self.configuration = configuration
        self.clock = clock
        var logger = logger
        logger[metadataKey: "controller"] = "\(name)"
        self.logger = logger
        queue = WorkQueue(
            clock: clock,
            rateLimiter: ExponentialRateLimiter(
                base: configuration.initialRetryDelay,
                limit: configuration.maximumRetryDelay
            ),
            metrics: configuration.metricsFactory.map { WorkQueueMetrics(name: name, factory: $0) }
        )
        metrics = configuration.metricsFactory.map { factory in
            ControllerMetrics(
                controller: name,
                maxConcurrentReconciles: configuration.maxConcurrentReconciles,
                factory: factory
            )
        }
    }

    /// How many requests wait for a worker.
    public var queueDepth: Int { queue.count }

    /// Waits until all sources have synced and the workers have begun.
    public func waitForStart() async throws(CancellationError) { try await started.wait() }

    /// Asks for a reconciliation, for a reason that no source knows of.
    /// - Parameters:
    ///   - request: whom it concerns.
    ///   - priority: higher comes first.
    ///   - delay: how long to wait before it.
    public func enqueue(_ request: R.Request, priority: Int = 0, after delay: Duration = .zero) {
        queue.add(request, priority: priority, after: delay)
    }

    /// Waits for the sources to sync, then works until the service is shut down or the task cancelled.
    ///
    /// On a graceful shutdown the reconciliations that run are finished and no others begun; on cancellation they are
    /// cancelled.
    /// - Throws: `KubeError` with the code `deadlineExceeded` if the sources take too long to sync, `configuration` if
    ///   it has run before; `CancellationError` if the task is cancelled.
    public func run() async throws {
        let isFirst = hasRun.withLock { hasRun in
            defer { hasRun = true }
            return !hasRun
        }
        guard isFirst else { throw KubeError(code: .configuration, message: "the controller \(name) has run before") }
        try await withGracefulShutdownHandler {
            try await work()
        } onGracefulShutdown: { [queue] in
            queue.shutDownNow()
        }
    }

    private func work() async throws {
        var running: [Source<R.Request>.Started] = []
        defer { for source in running { source.stop() } }
        for source in sources { running.append(try source.start(queue)) }
        do {
            try await waitForSync(running)
        } catch {
            // A shutdown is no failure of the sources.
            if Task.isShuttingDownGracefully, !Task.isCancelled { return }
            throw error
        }
        logger.info("the controller starts", metadata: ["workers": "\(configuration.maxConcurrentReconciles)"])
        started.open()
        await withTaskGroup { group in
            if metrics != nil { group.addTask { await self.recordUnfinishedWork() } }
            await withDiscardingTaskGroup { workers in
                for _ in 0..<configuration.maxConcurrentReconciles { workers.addTask { await self.runWorker() } }
            }
            group.cancelAll()
        }
        queue.shutDownNow()
        try Task.checkCancellation()
        logger.info("the controller has stopped")
    }

    private func waitForSync(_ running: [Source<R.Request>.Started]) async throws {
        let clock = clock
        let timeout = configuration.cacheSyncTimeout
        do {
            try await cancelWhenGracefulShutdown {
                try await withTimeout(timeout, clock: clock) {
                    for source in running { try await source.waitForSync() }
                }
            }
        } catch let error as KubeError {
            throw KubeError(
                code: error.code,
                message: "the sources of the controller \(name) have not synced: \(error.message)",
                cause: error
            )
        }
    }

    private func runWorker() async {
        while let item = await queue.next() {
            metrics?.began()
            await Reconciliation.$id.withValue(Reconciliation.makeID()) {
                await reconcile(item.key, priority: item.priority)
            }
            metrics?.ended()
            item.done()
        }
    }

    private func recordUnfinishedWork() async {
        while true {
            queue.recordUnfinishedWork()
            do { try await clock.sleep(until: clock.now.advanced(by: .milliseconds(500))) } catch { return }
        }
    }

    private func reconcile(_ request: R.Request, priority: Int) async {
        let start = clock.now
        var result: Result<ReconcileResult, any Error>
        let span = ReconcileSpan(configuration.tracer, controller: name, request: "\(request)")
        do {
            result = .success(try await ReconcileSpan.around(span) { try await call(request) })
        } catch {
            result = .failure(error)
        }
        span?.end(result)
        // What fails because it was cancelled says nothing about the object.
        if Task.isCancelled, case .failure = result { return }
        let disposition = Disposition(result)
        if case .failure(let error) = result { log(error, disposition, request) }
        if disposition.forgets { queue.forget(request) }
        let priority = (try? result.get())?.priority ?? priority
        switch disposition.requeue {
        case .no: break
        case .rateLimited: queue.addRateLimited(request, priority: priority)
        case .after(let delay): queue.add(request, priority: priority, after: delay)
        }
        let duration = start.duration(to: clock.now)
        let record = ReconcileRecord(controller: name, outcome: disposition.outcome, duration: duration)
        var isTimeout = false
        if let limit = configuration.reconcileTimeout, case .failure = result { isTimeout = duration >= limit }
        metrics?.record(record, isTimeout: isTimeout)
        configuration.observe(record)
    }

    private func call(_ request: R.Request) async throws -> ReconcileResult {
        guard let timeout = configuration.reconcileTimeout else { return try await reconciler.reconcile(request) }
        let reconciler = reconciler
        return try await withTimeout(timeout, clock: clock) { try await reconciler.reconcile(request) }
    }

    private func log(_ error: any Error, _ disposition: Disposition, _ request: R.Request) {
        let metadata: Logger.Metadata = [
            "request": "\(request)", "error": "\(error)", "reconcile_id": "\(Reconciliation.id ?? "")",
        ]
        if disposition.requeue == .no {
            logger.error("reconciling failed for good", metadata: metadata)
        } else {
            logger.warning("reconciling failed and is tried again", metadata: metadata)
        }
    }
}
