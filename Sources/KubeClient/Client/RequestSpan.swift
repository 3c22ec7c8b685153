// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Tracing

/// What a trace tells of one call of the API server.
///
/// Only calls that are made for something that is traced already have a span: the renewals of leases and the like would
/// be nothing but noise.
struct RequestSpan: Sendable {
    private let span: any Span
    /// The header that lets the server join the trace.
    let header: String?

    init?(_ configuration: ClientConfiguration, _ request: Request) {
        guard let tracer = configuration.tracer, let context = InstrumentationContext.current else { return nil }
        span = tracer.startAnySpan(request.method.rawValue, context: context, ofKind: .client)
        var headers: [String: String] = [:]
        tracer.inject(span.context, into: &headers, using: DictionaryInjector())
        header = headers.first.map { "\($0.key): \($0.value)" }
        // The names are those of OpenTelemetry's conventions for HTTP clients.
        span.attributes["http.request.method"] = request.method.rawValue
        span.attributes["url.path"] = request.shownPath
        span.attributes["server.address"] = configuration.host
    }

    /// The call has succeeded.
    func end(tries: Int) {
        if tries > 1 { span.attributes["http.request.resend_count"] = tries - 1 }
        span.end()
    }

    /// The call has failed for good.
    func end(_ error: KubeError, tries: Int) {
        if let status = error.status?.code { span.attributes["http.response.status_code"] = status }
        span.attributes["error.type"] = "\(error.code)"
        span.recordError(error)
        span.setStatus(SpanStatus(code: .error))
        end(tries: tries)
    }
}

private struct DictionaryInjector: Injector {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
}
