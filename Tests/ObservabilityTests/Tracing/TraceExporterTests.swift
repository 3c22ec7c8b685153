// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import ServiceLifecycle
import Synchronization
import Testing
import Tracing

@testable import Observability

@Suite(.timeLimit(.minutes(5)))
struct TraceExporterTests {
    private func metrics(_ registry: MetricsRegistry) -> [Substring] {
        String(decoding: registry.exposition(.prometheusText), as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("aetherius_trace_spans_total{") }
    }

    @Test("given a collector that fails and comes back, then what could not be sent is counted, and the rest arrives")
    func outage() async throws {
        let isBroken = Mutex(true)
        let (bodies, report) = AsyncStream.makeStream(of: ScriptedHTTPServer.Request.self)
        // A fake of a collector: all it does is answer.
        let collector = try ScriptedHTTPServer { request in
            report.yield(request)
            return ScriptedHTTPServer.answer(isBroken.withLock { $0 } ? 500 : 200, "{}")
        }
        defer { collector.stop() }
        let recorder = TraceRecorder()
        let exporter = try TraceExporter(
            recorder,
            to: collector.url + "/custom",
            resource: [],
            interval: .milliseconds(5),
            logger: .silent
        )
        let registry = MetricsRegistry()
        exporter.register(in: registry)
        recorder.startSpan("first", context: .topLevel).end()
        let group = ServiceGroup(configuration: .init(services: [.init(service: exporter)], logger: .silent))
        let run = Task { try await group.run() }
        var requests = bodies.makeAsyncIterator()
        let first = await requests.next()
        #expect(first?.target == "/custom")
        #expect(first?.body.contains(#""name":"first""#) == true)
        while !metrics(registry).contains(#"aetherius_trace_spans_total{result="failed"} 1"#) { await Task.yield() }
        isBroken.withLock { $0 = false }
        recorder.startSpan("second", context: .topLevel).end()
        let second = await requests.next()
        #expect(second?.body.contains(#""name":"second""#) == true)
        #expect(second?.body.contains(#""name":"first""#) == false)
        // What ends while the process stops is sent as well.
        recorder.startSpan("third", context: .topLevel).end()
        await group.triggerGracefulShutdown()
        try await run.value
        #expect(
            metrics(registry) == [
                #"aetherius_trace_spans_total{result="dropped"} 0"#, #"aetherius_trace_spans_total{result="failed"} 1"#,
                #"aetherius_trace_spans_total{result="sent"} 2"#,
            ]
        )
    }
}
