// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import MetricsTestKit
import Testing

@Suite(.timeLimit(.minutes(5)))
struct RESTClientMetricsTests {
    private let metrics = TestMetrics()

    private func total(_ code: String, _ method: String, host: String) -> Int64 {
        metrics.counterTotal(
            label: "rest_client_requests_total",
            dimensions: [("code", code), ("method", method), ("host", host)]
        )
    }

    @Test("given a real API server, then each request is counted under its answer, and each call is timed")
    func counts() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace("metrics")
        var configuration = cluster.client.configuration
        configuration.metrics = RESTClientMetrics(factory: metrics)
        let client = try KubernetesClient(configuration: configuration)
        let maps = client.resources(SoakMap.self, namespace: namespace)
        _ = try await maps.create(SoakMap("a"))
        _ = try await maps.get("a")
        await #expect(throws: KubeError.self) { try await maps.get("b") }
        let version = try await maps.list().metadata.resourceVersion
        _ = try await maps.watch(WatchOptions(resourceVersion: version))
        let host = configuration.server.replacing("https://", with: "")
        #expect(total("201", "POST", host: host) == 1)
        #expect(total("200", "GET", host: host) == 3)
        #expect(total("404", "GET", host: host) == 1)
        // A watch is counted, and not timed: it is open for as long as one likes.
        let dimensions = [("verb", "GET"), ("host", host)]
        let times = try metrics.expectTimer("rest_client_request_duration_seconds", dimensions).values
        #expect(times.count == 3 && times.allSatisfy { $0 > 0 })
    }

    @Test("given nobody who listens, then the failure is counted as an error without a code")
    func unanswered() async throws {
        // A port that was free a moment ago, and on which nobody listens.
        let server = try ScriptedHTTPServer { _ in ScriptedHTTPServer.answer(200, "{}") }
        let host = "127.0.0.1:\(server.port)"
        server.stop()
        var configuration = ClientConfiguration(server: "http://\(host)/api-server")
        configuration.metrics = RESTClientMetrics(factory: metrics)
        let client = try KubernetesClient(configuration: configuration)
        await #expect(throws: KubeError.self) { try await client.get(path: "/version") }
        #expect(total("<error>", "GET", host: host) == 1)
    }

    @Test("given ever new codes, then the number of series is bounded, and what is beyond it is counted together")
    func bounded() {
        let requests = RESTClientMetrics(factory: metrics)
        for status in 0..<1000 { requests.requestEnded("GET", host: "h", status: status) }
        let series = metrics.counters.filter { $0.label == "rest_client_requests_total" }
        #expect(series.count == RESTClientMetrics.maximumSeries + 1)
        #expect(total("other", "other", host: "other") == Int64(1000 - RESTClientMetrics.maximumSeries))
    }
}
