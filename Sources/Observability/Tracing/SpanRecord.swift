// SPDX-License-Identifier: Apache-2.0
import Redaction
import Tracing

/// What is known of a span.
struct SpanRecord: Sendable {
    /// The most attributes of a span or event, and the most events of a span.
    static let maximumEntries = 32
    /// The most bytes of a text.
    static let maximumTextBytes = 1024

    struct Event: Sendable {
        var name: String
        var nanoseconds: UInt64
        var attributes: [(String, SpanAttribute)]
    }

    let identity: SpanIdentity
    let parent: SpanIdentity?
    let kind: SpanKind
    let beganAt: UInt64
    var name: String
    var endedAt: UInt64 = 0
    var attributes = SpanAttributes()
    var events: [Event] = []
    var status: SpanStatus?

    mutating func add(_ event: SpanEvent) {
        guard events.count < Self.maximumEntries else { return }
        events.append(
            Event(
                name: event.name,
                nanoseconds: event.nanosecondsSinceEpoch,
                attributes: Self.sorted(event.attributes)
            )
        )
    }

    /// The attributes ordered by name, within bounds.
    static func sorted(_ attributes: SpanAttributes) -> [(String, SpanAttribute)] {
        var all: [(String, SpanAttribute)] = []
        attributes.forEach { all.append(($0, $1)) }
        return Array(all.sorted { $0.0 < $1.0 }.prefix(maximumEntries))
    }

    /// A text as it may leave the process: without what looks like credentials, and not too long.
    static func text(_ text: String) -> String {
        let redacted = Redaction.redact(text)
        guard redacted.utf8.count > maximumTextBytes else { return redacted }
        return String(decoding: redacted.utf8.prefix(maximumTextBytes - 3), as: UTF8.self) + "…"
    }
}
