// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing
import Tracing

@testable import Observability

@Suite struct TraceRecorderTests {
    private struct Moment: TracerInstant {
        var nanosecondsSinceEpoch: UInt64
        static func < (left: Moment, right: Moment) -> Bool {
            left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
        }
    }

    private struct Failure: Error, CustomStringConvertible {
        var description: String { "no answer, password=hunter2hunter2" }
    }

    private struct Carrier: Injector, Extractor {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }

    private func json(_ spans: [SpanRecord]) throws -> JSONValue {
        let bytes = JSON.encode(TraceRequest(resource: [("service.name", "test")], spans: spans))
        return try JSON.decode(JSONValue.self, from: bytes)
    }

    private func spans(of message: JSONValue) -> [JSONValue] {
        message["resourceSpans"]?.arrayValue?.first?["scopeSpans"]?.arrayValue?.first?["spans"]?.arrayValue ?? []
    }

    @Test("given a span inside another one, then both have one trace, and OTLP's JSON says all that is known of them")
    func encoding() throws {
        let recorder = TraceRecorder()
        let outer = recorder.startSpan("outer", context: .topLevel, at: Moment(nanosecondsSinceEpoch: 5))
        let inner = recorder.startSpan(
            "GET",
            context: outer.context,
            ofKind: .client,
            at: Moment(nanosecondsSinceEpoch: 1_700_000_000_000_000_001)
        )
        inner.attributes["count"] = 3
        inner.attributes["ok"] = true
        inner.attributes["share"] = 0.5
        inner.attributes["url.path"] = "/api"
        inner.recordError(Failure(), attributes: [:], at: Moment(nanosecondsSinceEpoch: 7))
        inner.setStatus(SpanStatus(code: .error, message: "it failed"))
        #expect(inner.isRecording)
        inner.end(at: Moment(nanosecondsSinceEpoch: 1_700_000_000_000_000_009))
        #expect(!inner.isRecording)
        inner.end(at: Moment(nanosecondsSinceEpoch: 99))
        outer.end(at: Moment(nanosecondsSinceEpoch: 10))

        let records = recorder.take(10)
        #expect(records.map(\.name) == ["GET", "outer"], "a span that ends twice has ended once")
        let message = try json(records)
        let first = try #require(spans(of: message).first)
        let second = try #require(spans(of: message).last)
        #expect(first["traceId"] == second["traceId"])
        #expect(first["traceId"]?.stringValue?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect(first["spanId"]?.stringValue?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(first["parentSpanId"] == second["spanId"])
        #expect(second["parentSpanId"] == nil)
        #expect(first["kind"] == 3 && second["kind"] == 1)
        #expect(first["startTimeUnixNano"] == "1700000000000000001")
        #expect(first["endTimeUnixNano"] == "1700000000000000009")
        #expect(
            first["attributes"] == [
                ["key": "count", "value": ["intValue": "3"]], ["key": "ok", "value": ["boolValue": true]],
                ["key": "share", "value": ["doubleValue": 0.5]],
                ["key": "url.path", "value": ["stringValue": "/api"]],
            ]
        )
        #expect(first["status"] == ["code": 2, "message": "it failed"])
        let event = try #require(first["events"]?.arrayValue?.first)
        #expect(event["name"] == "exception" && event["timeUnixNano"] == "7")
        let texts = String(decoding: JSON.encode(event), as: UTF8.self)
        #expect(texts.contains("no answer") && !texts.contains("hunter2"), "\(texts)")
        #expect(
            message["resourceSpans"]?.arrayValue?.first?["resource"]
                == ["attributes": [["key": "service.name", "value": ["stringValue": "test"]]]]
        )
    }

    @Test("given more spans than there is room for, then the new ones are dropped and counted")
    func capacity() {
        let recorder = TraceRecorder()
        for index in 0..<(TraceRecorder.capacity + 5) {
            recorder.startSpan("\(index)", context: .topLevel, at: Moment(nanosecondsSinceEpoch: 1)).end()
        }
        #expect(recorder.droppedCount == 5)
        #expect(recorder.take(2).map(\.name) == ["0", "1"])
        #expect(recorder.take(.max).count == TraceRecorder.capacity - 2)
        #expect(recorder.take(1).isEmpty)
    }

    @Test("given too much about a span, then it stays within bounds")
    func bounds() throws {
        let recorder = TraceRecorder()
        let span = recorder.startSpan("a", context: .topLevel, at: Moment(nanosecondsSinceEpoch: 1))
        for index in 0..<100 {
            span.attributes["key\(index)"] = String(repeating: "ü", count: 5000)
            span.addEvent(SpanEvent(name: "event"))
        }
        span.end()
        let message = try json(recorder.take(1))
        let written = try #require(spans(of: message).first)
        #expect(written["attributes"]?.arrayValue?.count == 32)
        #expect(written["events"]?.arrayValue?.count == 32)
        #expect(JSON.encode(written).count < 48 << 10)
    }

    @Test("given a trace that goes on elsewhere, then its header says which, and is understood")
    func propagation() {
        let recorder = TraceRecorder()
        let span = recorder.startSpan("a", context: .topLevel, at: Moment(nanosecondsSinceEpoch: 1))
        var headers: [String: String] = [:]
        recorder.inject(span.context, into: &headers, using: Carrier())
        let header = headers["traceparent"] ?? ""
        #expect(header.wholeMatch(of: /00-[0-9a-f]{32}-[0-9a-f]{16}-01/) != nil, "\(header)")
        var context = InstrumentationContext.topLevel
        recorder.extract(headers, into: &context, using: Carrier())
        #expect(context.span == span.context.span)
        for wrong in [
            "", "00-1-2-01", "ff" + header.dropFirst(2), header.uppercased() + "-x",
            "00-\(String(repeating: "0", count: 32))-\(String(repeating: "1", count: 16))-01",
        ] {
            var none = InstrumentationContext.topLevel
            recorder.extract(["traceparent": wrong], into: &none, using: Carrier())
            #expect(none.span == nil, "\(wrong)")
        }
    }
}
