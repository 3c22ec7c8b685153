// SPDX-License-Identifier: Apache-2.0
public import CoreMetrics
public import Tracing

/// How a ``Controller`` works.
public struct ControllerConfiguration: Sendable {
    /// How many reconciliations may run at the same time, for different requests; at least 1.
    public var maxConcurrentReconciles: Int
    /// How long the sources may take to sync before ``Controller/run()`` fails.
    public var cacheSyncTimeout: Duration
    /// How long one reconciliation may take before its task is cancelled, which counts as a failure; nil for any time.
    public var reconcileTimeout: Duration?
    /// The delay after the first failure of a request; it doubles with each one after that.
    public var initialRetryDelay: Duration
    /// The longest delay after a failure.
    public var maximumRetryDelay: Duration
    /// Where the metrics of the controller and its queue go; nil for nowhere.
    public var metricsFactory: (any MetricsFactory)?
    /// Who records each reconciliation as a span, and with it the calls that are made for it; nil for nobody.
    public var tracer: (any Tracer)?
    /// Is told of every reconciliation that has ended.
    ///
    /// It must not block.
    public var observe: @Sendable (ReconcileRecord) -> Void

    /// Creates a configuration; the default works on one request at a time.
    public init(
        maxConcurrentReconciles: Int = 1,
        cacheSyncTimeout: Duration = .seconds(120),
        reconcileTimeout: Duration? = nil,
        initialRetryDelay: Duration = .milliseconds(5),
        maximumRetryDelay: Duration = .seconds(1000),
        metricsFactory: (any MetricsFactory)? = nil,
        tracer: (any Tracer)? = nil,
        observe: @escaping @Sendable (ReconcileRecord) -> Void = { _ in }
    ) {
        self.maxConcurrentReconciles = max(maxConcurrentReconciles, 1)
        self.cacheSyncTimeout = cacheSyncTimeout
        self.reconcileTimeout = reconcileTimeout
        self.initialRetryDelay = initialRetryDelay
        self.maximumRetryDelay = maximumRetryDelay
        self.metricsFactory = metricsFactory
        self.tracer = tracer
        self.observe = observe
    }
}

/// One reconciliation that has ended.
public struct ReconcileRecord: Sendable, Hashable {
    /// How a reconciliation ended; the names are those of controller-runtime's metrics.
    public enum Outcome: String, Sendable, Hashable {
        /// There is nothing left to do.
        case success
        /// It is to be called again, rate-limited.
        case requeue
        /// It is to be called again after a time.
        case requeueAfter = "requeue_after"
        /// It failed and is tried again.
        case error
        /// It failed and is not tried again.
        case terminalError = "terminal_error"
    }

    /// The controller's name.
    public var controller: String
    /// How it ended.
    public var outcome: Outcome
    /// How long it took.
    public var duration: Duration
}
