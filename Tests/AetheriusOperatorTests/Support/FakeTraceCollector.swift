// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeTesting
import Synchronization

/// A fake of a trace collector: it takes OTLP over HTTP on a real socket, and only keeps what it gets.
final class FakeTraceCollector: Sendable {
    struct Span: Sendable {
        var trace = ""
        var id = ""
        var parent = ""
        var name = ""
        var kind: Int64 = 0
        var begin: UInt64 = 0
        var end: UInt64 = 0
        var attributes: [String: String] = [:]
    }

    private final class Mail: Sendable {
        let requests = Mutex<[ScriptedHTTPServer.Request]>([])
    }

    private let server: ScriptedHTTPServer
    private let mail: Mail

    init() throws {
        let mail = Mail()
        self.mail = mail
        server = try ScriptedHTTPServer { request in
            mail.requests.withLock { $0.append(request) }
            let isRight =
                request.method == "POST" && request.target == "/v1/traces"
                && request.headers["content-type"] == "application/json"
            return ScriptedHTTPServer.answer(isRight ? 200 : 400, "{}")
        }
    }

    var url: String { server.url }

    func stop() { server.stop() }

    private var messages: [JSONValue] {
        mail.requests.withLock { $0 }.compactMap { try? JSON.decode(JSONValue.self, from: Array($0.body.utf8)) }
            .flatMap { $0["resourceSpans"]?.arrayValue ?? [] }
    }

    /// What the spans come from, for each message.
    var resources: [[String: String]] { messages.map { Self.attributes(of: $0["resource"]) } }

    /// All spans so far.
    var spans: [Span] {
        var spans: [Span] = []
        for message in messages {
            for scope in message["scopeSpans"]?.arrayValue ?? [] {
                spans += (scope["spans"]?.arrayValue ?? []).map(Self.span)
            }
        }
        return spans
    }

    private static func span(_ value: JSONValue) -> Span {
        func text(_ key: String) -> String { value[key]?.stringValue ?? "" }
        var span = Span()
        span.trace = text("traceId")
        span.id = text("spanId")
        span.parent = text("parentSpanId")
        span.name = text("name")
        span.kind = value["kind"]?.integerValue ?? 0
        span.begin = UInt64(text("startTimeUnixNano")) ?? 0
        span.end = UInt64(text("endTimeUnixNano")) ?? 0
        span.attributes = attributes(of: value)
        return span
    }

    private static func attributes(of value: JSONValue?) -> [String: String] {
        (value?["attributes"]?.arrayValue ?? []).reduce(into: [:]) { attributes, pair in
            guard let key = pair["key"]?.stringValue, let value = pair["value"] else { return }
            attributes[key] = value["stringValue"]?.stringValue ?? value["intValue"]?.stringValue ?? ""
        }
    }
}
