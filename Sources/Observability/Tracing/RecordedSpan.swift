// SPDX-License-Identifier: Apache-2.0
import Synchronization
public import Tracing

/// A span that a ``TraceRecorder`` has begun.
public final class RecordedSpan: Span {
    public let context: InstrumentationContext
    private let record: Mutex<SpanRecord>
    private let isOpen = Mutex(true)
    private let onEnd: @Sendable (SpanRecord) -> Void

    init(_ record: SpanRecord, _ context: InstrumentationContext, onEnd: @escaping @Sendable (SpanRecord) -> Void) {
        self.context = context
        self.record = Mutex(record)
        self.onEnd = onEnd
    }

    public var operationName: String {
        get { record.withLock { $0.name } }
        set { record.withLock { $0.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { record.withLock { $0.attributes } }
        set { record.withLock { $0.attributes = newValue } }
    }

    public var isRecording: Bool { isOpen.withLock { $0 } }

    public func setStatus(_ status: SpanStatus) { record.withLock { $0.status = status } }

    public func addEvent(_ event: SpanEvent) { record.withLock { $0.add(event) } }

    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        // The names are those of OpenTelemetry's conventions for exceptions.
        var attributes = attributes
        attributes["exception.type"] = "\(type(of: error))"
        attributes["exception.message"] = "\(error)"
        let event = SpanEvent(name: "exception", at: instant(), attributes: attributes)
        addEvent(event)
    }

    /// Other traces are not linked here: nothing in this program joins several.
    public func addLink(_ link: SpanLink) {}

    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let isFirst = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        guard isFirst else { return }
        let now = instant().nanosecondsSinceEpoch
        let ended = record.withLock { record in
            record.endedAt = now
            return record
        }
        onEnd(ended)
    }
}
