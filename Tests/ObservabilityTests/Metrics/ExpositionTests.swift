// SPDX-License-Identifier: Apache-2.0
import CoreMetrics
import Observability
import Testing

@Suite struct ExpositionTests {
    private func text(_ registry: MetricsRegistry, _ format: MetricsFormat = .prometheusText) -> String {
        String(decoding: registry.exposition(format), as: UTF8.self)
    }

    private static let descriptions = [
        MetricDescription("jobs_total", .counter, labels: ["kind"], help: "Jobs with a \"name\" \\ and\na line."),
        MetricDescription("depth", .gauge, help: "What waits."),
        MetricDescription("took_seconds", .histogram(bounds: [0.5, 1]), labels: ["kind"], help: "Time."),
    ]

    private func filled() -> MetricsRegistry {
        let registry = MetricsRegistry(describing: Self.descriptions)
        Counter(label: "jobs_total", dimensions: [("kind", "b\"\\\n")], factory: registry).increment(by: 3)
        Counter(label: "jobs_total", dimensions: [("kind", "a")], factory: registry).increment()
        Gauge(label: "depth", factory: registry).record(2.5)
        let timer = Timer(label: "took_seconds", dimensions: [("kind", "a")], factory: registry)
        for seconds in [0.25, 0.5, 0.75, 4] { timer.recordSeconds(seconds) }
        return registry
    }

    @Test("given values, then Prometheus' text has them in order, with help, type and escaped labels")
    func prometheusText() {
        #expect(
            text(filled()) == #"""
                # HELP depth What waits.
                # TYPE depth gauge
                depth 2.5
                # HELP jobs_total Jobs with a "name" \\ and\na line.
                # TYPE jobs_total counter
                jobs_total{kind="a"} 1
                jobs_total{kind="b\"\\\n"} 3
                # HELP metrics_dropped_series_total How often a combination of label values was not kept because there are too many of them.
                # TYPE metrics_dropped_series_total counter
                metrics_dropped_series_total 0
                # HELP took_seconds Time.
                # TYPE took_seconds histogram
                took_seconds_bucket{kind="a",le="0.5"} 2
                took_seconds_bucket{kind="a",le="1"} 3
                took_seconds_bucket{kind="a",le="+Inf"} 4
                took_seconds_sum{kind="a"} 5.5
                took_seconds_count{kind="a"} 4

                """#
        )
    }

    @Test("given values, then OpenMetrics names counters by their family, writes whole bounds as such, and has an end")
    func openMetrics() {
        #expect(
            text(filled(), .openMetrics) == #"""
                # HELP depth What waits.
                # TYPE depth gauge
                depth 2.5
                # HELP jobs Jobs with a \"name\" \\ and\na line.
                # TYPE jobs counter
                jobs_total{kind="a"} 1
                jobs_total{kind="b\"\\\n"} 3
                # HELP metrics_dropped_series How often a combination of label values was not kept because there are too many of them.
                # TYPE metrics_dropped_series counter
                metrics_dropped_series_total 0
                # HELP took_seconds Time.
                # TYPE took_seconds histogram
                took_seconds_bucket{kind="a",le="0.5"} 2
                took_seconds_bucket{kind="a",le="1.0"} 3
                took_seconds_bucket{kind="a",le="+Inf"} 4
                took_seconds_sum{kind="a"} 5.5
                took_seconds_count{kind="a"} 4
                # EOF

                """#
        )
    }

    @Test(
        "given a metric that nobody has described, then it is there under a valid name, in OpenMetrics with its ending"
    )
    func undescribed() {
        let registry = MetricsRegistry()
        Counter(label: "http.requests", dimensions: [("code-class", "2")], factory: registry).increment()
        Counter(label: "2nd", factory: registry).increment()
        #expect(text(registry).contains("# TYPE http_requests counter\nhttp_requests{code_class=\"2\"} 1\n"))
        #expect(text(registry).contains("\n_2nd 1\n") || text(registry).hasPrefix("# TYPE _2nd counter\n_2nd 1\n"))
        #expect(text(registry, .openMetrics).contains("http_requests_total{code_class=\"2\"} 1\n"))
    }

    @Test("given values that are looked up, then they are those of the moment when somebody asks")
    func collected() {
        let registry = MetricsRegistry()
        let gauge = Gauge(label: "other", factory: registry)
        registry.collect(MetricDescription("things", .gauge, labels: ["state"], help: "Things.")) {
            [.init(2, ("state", "on")), .init(1, ("state", "off"))]
        }
        gauge.record(1)
        #expect(text(registry).contains("# TYPE things gauge\nthings{state=\"off\"} 1\nthings{state=\"on\"} 2\n"))
    }

    @Test("given numbers at the edges, then they are written as Go writes them")
    func numbers() {
        let registry = MetricsRegistry()
        for (name, value) in [("a", Double.infinity), ("b", -.infinity), ("c", .nan), ("d", 1e16), ("e", 1e-7)] {
            Gauge(label: name, factory: registry).record(value)
        }
        let lines = text(registry).split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("metrics") }
        #expect(lines == ["a +Inf", "b -Inf", "c NaN", "d 1e+16", "e 1e-07"])
    }
}
