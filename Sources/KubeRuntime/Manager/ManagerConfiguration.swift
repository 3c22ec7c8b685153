// SPDX-License-Identifier: Apache-2.0
public import UnixSignals

/// How a ``Manager`` starts and stops.
public struct ManagerConfiguration: Sendable {
    /// How long reconciliations and services may take to finish after a signal, before they are cancelled.
    public var gracePeriod: Duration
    /// How long reconciliations may take to finish after a signal, before they alone are cancelled and the rest is
    /// stopped in good order; nil for as long as ``gracePeriod``.
    ///
    /// It should be some seconds shorter than that: what follows includes giving the lease back.
    public var drainPeriod: Duration?
    /// The signals that end the process in good order.
    public var shutdownSignals: [UnixSignal]
    /// Is called once, when every informer has synced: the moment to give memory back to the system
    /// (`malloc_trim(0)` with glibc), because the lists have been read and their text let go of.
    public var afterInitialSync: @Sendable () -> Void

    /// Creates a configuration.
    public init(
        gracePeriod: Duration = .seconds(30),
        drainPeriod: Duration? = nil,
        shutdownSignals: [UnixSignal] = [.sigterm, .sigint],
        afterInitialSync: @escaping @Sendable () -> Void = {}
    ) {
        self.gracePeriod = gracePeriod
        self.drainPeriod = drainPeriod
        self.shutdownSignals = shutdownSignals
        self.afterInitialSync = afterInitialSync
    }
}
