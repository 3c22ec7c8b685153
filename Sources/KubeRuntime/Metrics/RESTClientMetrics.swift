// SPDX-License-Identifier: Apache-2.0
public import CoreMetrics
public import KubeClient
import Synchronization

/// The metrics of a `KubernetesClient`, under client-go's names.
///
/// | Metric | Kind | Labels | What |
/// |---|---|---|---|
/// | `rest_client_requests_total` | counter | `code`, `method`, `host` | the requests, each try and each watch that is opened; `code` is the HTTP status, or `<error>` without an answer |
/// | `rest_client_request_duration_seconds` | timer | `verb`, `host` | how long calls took, with all their tries; `verb` is the HTTP method |
///
/// A series is made when it is first needed. At most ``maximumSeries`` are made; what would need another is counted
/// with the value `other` for all labels. The buckets of the histogram are the backend's choice.
///
/// ```swift
/// configuration.metrics = RESTClientMetrics(factory: factory)
/// let client = try KubernetesClient(configuration: configuration)
/// ```
public final class RESTClientMetrics: RequestMetrics {
    /// How many series of each metric there may be, besides the one for all others.
    public static let maximumSeries = 200

    private struct Request: Hashable {
        var code = "other"
        var method = "other"
        var host = "other"
    }

    private struct State {
        var requests: [Request: Counter] = [:]
        var durations: [Request: Timer] = [:]
    }

    private let factory: any MetricsFactory
    private let state = Mutex(State())

    /// Creates the metrics of one client, or of several together.
    /// - Parameter factory: where the metrics go.
    public init(factory: any MetricsFactory) { self.factory = factory }

    /// Counts a request.
    public func requestEnded(_ method: String, host: String, status: Int?) {
        let code = status.map { String($0) } ?? "<error>"
        let counter = state.withLock { state in
            Self.series(&state.requests, Request(code: code, method: method, host: host)) { request in
                Counter(
                    label: "rest_client_requests_total",
                    dimensions: [("code", request.code), ("method", request.method), ("host", request.host)],
                    factory: factory
                )
            }
        }
        counter.increment()
    }

    /// Notes how long a call took.
    public func callEnded(_ method: String, host: String, after duration: Duration) {
        let timer = state.withLock { state in
            Self.series(&state.durations, Request(method: method, host: host)) { request in
                Timer(
                    label: "rest_client_request_duration_seconds",
                    dimensions: [("verb", request.method), ("host", request.host)],
                    factory: factory
                )
            }
        }
        timer.record(duration)
    }

    /// The series that belongs to the labels, made if it is not there yet.
    private static func series<Series>(
        _ known: inout [Request: Series],
        _ request: Request,
        _ make: (Request) -> Series
    ) -> Series {
        if let series = known[request] { return series }
        let labels = known.count < maximumSeries ? request : Request()
        if let series = known[labels] { return series }
        let series = make(labels)
        known[labels] = series
        return series
    }
}
