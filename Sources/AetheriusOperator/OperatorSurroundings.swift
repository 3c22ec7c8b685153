// SPDX-License-Identifier: Apache-2.0
public import Logging
public import Observability

/// What the operator's process brings along.
public struct OperatorSurroundings: Sendable {
    /// Where metrics go; the client should report there too.
    public var registry: MetricsRegistry
    /// The least important messages that are logged.
    public var logThreshold: LogThreshold
    /// Which build this is.
    public var build: BuildInformation
    /// Who records reconciliations; nil for nobody.
    ///
    /// The client should report there too.
    public var tracer: TraceRecorder?
    /// What takes the traces away; nil for nothing.
    public var traceExporter: TraceExporter?

    /// Creates the surroundings of a process.
    public init(
        registry: MetricsRegistry = OperatorMetrics.makeRegistry(),
        logThreshold: LogThreshold = LogThreshold(.info),
        build: BuildInformation = BuildInformation(version: "")
    ) {
        self.registry = registry
        self.logThreshold = logThreshold
        self.build = build
    }
}
