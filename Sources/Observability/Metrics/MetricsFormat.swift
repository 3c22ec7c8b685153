// SPDX-License-Identifier: Apache-2.0

/// A form in which metrics are written down.
public enum MetricsFormat: Sendable, Hashable {
    /// Prometheus' text format, version 0.0.4.
    case prometheusText
    /// OpenMetrics 1.0.
    case openMetrics

    /// The form that a client likes best.
    ///
    /// Prometheus' text is what a client gets that names neither.
    /// - Parameter accept: the value of the `Accept` header (RFC 9110, 12.5.1); nil if there is none.
    public init(accept: String?) {
        var (text, open) = (0.0, 0.0)
        for range in (accept ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { part in
                part.filter { !$0.isWhitespace }.lowercased()
            }
            let weight = parts.first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            switch parts.first {
            case "application/openmetrics-text":
                let version = parts.first { $0.hasPrefix("version=") }
                if version == nil || version == "version=1.0.0" { open = max(open, weight) }
            case "text/plain": text = max(text, weight)
            default: continue
            }
        }
        self = open > 0 && open >= text ? .openMetrics : .prometheusText
    }

    /// The value of the `Content-Type` header.
    public var contentType: String {
        switch self {
        case .prometheusText: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}
