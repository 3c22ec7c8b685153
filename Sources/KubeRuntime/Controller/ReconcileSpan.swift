// SPDX-License-Identifier: Apache-2.0
import Tracing

/// What a trace tells of one reconciliation.
struct ReconcileSpan: Sendable {
    private let span: any Span

    init?(_ tracer: (any Tracer)?, controller: String, request: String) {
        guard let tracer else { return nil }
        span = tracer.startAnySpan("reconcile \(controller)", context: .topLevel, ofKind: .internal)
        span.attributes["controller"] = controller
        span.attributes["request"] = request
        span.attributes["reconcile_id"] = Reconciliation.id ?? ""
    }

    /// Does something for the span, if there is one.
    static func around<Result>(_ span: ReconcileSpan?, _ body: () async throws -> Result) async rethrows -> Result {
        guard let span else { return try await body() }
        return try await InstrumentationContext.$current.withValue(span.span.context) { try await body() }
    }

    func end(_ result: Result<ReconcileResult, any Error>) {
        span.attributes["result"] = Disposition(result).outcome.rawValue
        if case .failure(let error) = result {
            span.recordError(error)
            span.setStatus(SpanStatus(code: .error))
        }
        span.end()
    }
}
