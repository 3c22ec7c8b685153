// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubeClient
public import Logging
public import ServiceLifecycle
import Synchronization

/// Takes spans to a collector, as OTLP over HTTP in JSON.
///
/// A collector that is away costs traces, never work: what cannot be sent is dropped and counted.
public final class TraceExporter: Service {
    /// How many spans are sent at once.
    static let batchSize = 512

    /// The counter of spans that have left.
    public static let metric = MetricDescription(
        "aetherius_trace_spans_total",
        .counter,
        labels: ["result"],
        help: "Spans of traces: sent, failed to be sent, or dropped because there were too many to keep."
    )

    private struct State {
        var sent = 0
        var failed = 0
        var isReachable = true
    }

    private let recorder: TraceRecorder
    private let client: KubernetesClient
    private let path: String
    private let resource: [(String, String)]
    private let interval: Duration
    private let logger: Logger
    private let state = Mutex(State())

    /// Creates an exporter.
    /// - Parameters:
    ///   - recorder: whose spans are sent.
    ///   - endpoint: the collector's URL; without a path, `/v1/traces` is added.
    ///   - resource: what the spans come from, such as `service.name`, by OpenTelemetry's names.
    ///   - interval: how often to send.
    ///   - logger: gets a message when the collector stops taking spans, and when it takes them again.
    /// - Throws: `KubeError` with the code `configuration` if the network thread cannot be started.
    public init(
        _ recorder: TraceRecorder,
        to endpoint: String,
        resource: [(String, String)],
        interval: Duration = .seconds(5),
        logger: Logger
    ) throws(KubeError) {
        let afterScheme = endpoint.firstRange(of: "://")?.upperBound ?? endpoint.startIndex
        let slash = endpoint[afterScheme...].firstIndex(of: "/") ?? endpoint.endIndex
        let path = String(endpoint[slash...])
        var configuration = ClientConfiguration(server: String(endpoint[..<slash]))
        configuration.connectTimeout = .seconds(5)
        client = try KubernetesClient(configuration: configuration, rateLimiter: nil)
        self.recorder = recorder
        self.path = path.isEmpty || path == "/" ? "/v1/traces" : path
        self.resource = resource
        self.interval = interval
        self.logger = logger
    }

    /// Adds ``metric`` to a registry.
    public func register(in registry: MetricsRegistry) {
        registry.collect(Self.metric) { [self] in
            let counts = state.withLock { $0 }
            return [
                .init(Double(counts.sent), ("result", "sent")), .init(Double(counts.failed), ("result", "failed")),
                .init(Double(recorder.droppedCount), ("result", "dropped")),
            ]
        }
    }

    /// Sends spans until the service is shut down or the task cancelled; then once more what is left.
    public func run() async throws {
        while await pause() { await sendAll() }
        if !Task.isCancelled { await sendAll() }
    }

    /// Waits for the next time to send; returns whether there is one.
    ///
    /// A stop ends the wait, not what is on its way to the collector.
    private func pause() async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: self.interval) }
            return true
        } catch {
            return false
        }
    }

    private func sendAll() async {
        while true {
            let spans = recorder.take(Self.batchSize)
            guard !spans.isEmpty else { return }
            do throws(KubeError) {
                try await client.post(
                    path: path,
                    body: JSON.encode(TraceRequest(resource: resource, spans: spans)),
                    timeout: .seconds(3)
                )
                if note(isReachable: true, spans.count) { logger.info("traces are taken again") }
            } catch {
                if note(isReachable: false, spans.count) {
                    logger.warning("traces cannot be sent", metadata: ["error": "\(error)"])
                }
                // What more there is would fail as well, and wait as long.
                return
            }
        }
    }

    /// Counts spans.
    /// - Returns: whether the collector was in the other state before.
    private func note(isReachable: Bool, _ count: Int) -> Bool {
        state.withLock { state in
            if isReachable { state.sent += count } else { state.failed += count }
            defer { state.isReachable = isReachable }
            return state.isReachable != isReachable
        }
    }
}
