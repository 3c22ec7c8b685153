// SPDX-License-Identifier: Apache-2.0
import JSON
import Tracing

/// Spans on their way to a collector: the message `ExportTraceServiceRequest` of OTLP 1, in its JSON form.
///
/// There, 64-bit integers are strings, and identities are hexadecimal.
struct TraceRequest: JSONEncodable {
    /// What the spans come from, such as `service.name`.
    let resource: [(String, String)]
    let spans: [SpanRecord]

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("resourceSpans")
            writer.array { writer in
                writer.object { writer in
                    writer.field(
                        "resource",
                        object: { writer in
                            Self.write(resource.map { ($0, SpanAttribute.string($1)) }, to: &writer)
                        }
                    )
                    writer.key("scopeSpans")
                    writer.array { writer in
                        writer.object { writer in
                            writer.field("scope", object: { writer in writer.field("name", "aetherius") })
                            writer.key("spans")
                            writer.array { writer in for span in spans { Self.write(span, to: &writer) } }
                        }
                    }
                }
            }
        }
    }

    private static func write(_ span: SpanRecord, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("traceId", span.identity.trace)
            writer.field("spanId", span.identity.span)
            writer.field("parentSpanId", span.parent?.span)
            writer.field("name", SpanRecord.text(span.name))
            writer.field("kind", number(of: span.kind))
            writer.field("startTimeUnixNano", String(span.beganAt))
            writer.field("endTimeUnixNano", String(span.endedAt))
            write(SpanRecord.sorted(span.attributes), to: &writer)
            writer.key("events")
            writer.array { writer in
                for event in span.events {
                    writer.object { writer in
                        writer.field("timeUnixNano", String(event.nanoseconds))
                        writer.field("name", event.name)
                        write(event.attributes, to: &writer)
                    }
                }
            }
            guard let status = span.status else { return }
            writer.field(
                "status",
                object: { writer in
                    writer.field("code", status.code == .ok ? 1 : 2)
                    writer.field("message", status.message.map(SpanRecord.text))
                }
            )
        }
    }

    private static func write(_ attributes: [(String, SpanAttribute)], to writer: inout JSONWriter) {
        writer.key("attributes")
        writer.array { writer in
            for (name, value) in attributes {
                writer.object { writer in
                    writer.field("key", name)
                    writer.field("value", object: { writer in write(value, to: &writer) })
                }
            }
        }
    }

    private static func write(_ value: SpanAttribute, to writer: inout JSONWriter) {
        switch value {
        case .int32(let integer): writer.field("intValue", String(integer))
        case .int64(let integer): writer.field("intValue", String(integer))
        case .double(let double): writer.field("doubleValue", double)
        case .bool(let bool): writer.field("boolValue", bool)
        case .string(let text): writer.field("stringValue", SpanRecord.text(text))
        case .stringConvertible(let value): writer.field("stringValue", SpanRecord.text("\(value)"))
        default: writer.field("stringValue", SpanRecord.text("\(value)"))
        }
    }

    /// The numbers of OTLP's enumeration `SpanKind`.
    private static func number(of kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}
