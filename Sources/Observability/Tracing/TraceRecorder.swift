// SPDX-License-Identifier: Apache-2.0
import Synchronization
public import Tracing

/// Records spans, until somebody takes them away.
///
/// It keeps at most ``capacity`` spans that have ended; of more, the new ones are dropped and counted. A
/// ``TraceExporter`` takes them to a collector.
public final class TraceRecorder: Tracer {
    /// How many spans that have ended are kept.
    public static let capacity = 2048

    private struct State {
        var ended: [SpanRecord] = []
        var dropped = 0
    }

    private let state = Mutex(State())

    /// Creates a recorder without spans.
    public init() {}

    /// How many spans found no place so far.
    public var droppedCount: Int { state.withLock { $0.dropped } }

    /// Takes the spans that ended first.
    func take(_ count: Int) -> [SpanRecord] {
        state.withLock { state in
            let taken = Array(state.ended.prefix(count))
            state.ended.removeFirst(taken.count)
            return taken
        }
    }

    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> RecordedSpan {
        var context = context()
        let parent = context.span
        let identity = SpanIdentity(childOf: parent)
        context.span = identity
        let record = SpanRecord(
            identity: identity,
            parent: parent,
            kind: kind,
            beganAt: instant().nanosecondsSinceEpoch,
            name: operationName
        )
        return RecordedSpan(record, context) { [weak self] in self?.keep($0) }
    }

    private func keep(_ record: SpanRecord) {
        state.withLock { state in
            if state.ended.count < Self.capacity { state.ended.append(record) } else { state.dropped += 1 }
        }
    }

    /// Does nothing: a ``TraceExporter`` sends spans when their time has come.
    public func forceFlush() {}

    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout InstrumentationContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        if let header = extractor.extract(key: SpanIdentity.header, from: carrier),
            let identity = SpanIdentity(header: header)
        {
            context.span = identity
        }
    }

    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let identity = context.span else { return }
        injector.inject(identity.headerValue, forKey: SpanIdentity.header, into: &carrier)
    }
}
