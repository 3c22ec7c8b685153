// SPDX-License-Identifier: Apache-2.0
import CoreMetrics
import Observability
import Testing

@Suite struct RegistryBoundsTests {
    private func lines(_ registry: MetricsRegistry) -> [Substring] {
        String(decoding: registry.exposition(.prometheusText), as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
    }

    @Test("given more label values than there is room for, then the rest is added up, and the drops are counted")
    func series() {
        let registry = MetricsRegistry(limits: .init(series: 2))
        for name in ["a", "b", "c", "d", "a"] {
            Counter(label: "jobs_total", dimensions: [("name", name)], factory: registry).increment()
        }
        #expect(
            lines(registry) == [
                #"jobs_total{name="a"} 2"#, #"jobs_total{name="b"} 1"#, #"jobs_total{name="other"} 2"#,
                "metrics_dropped_series_total 2",
            ]
        )
    }

    @Test("given more label values of a gauge than there is room for, then the rest is left out: a sum means nothing")
    func gauges() {
        let registry = MetricsRegistry(limits: .init(series: 1))
        for name in ["a", "b"] { Gauge(label: "depth", dimensions: [("name", name)], factory: registry).record(7) }
        #expect(lines(registry) == [#"depth{name="a"} 7"#, "metrics_dropped_series_total 1"])
    }

    @Test("given more names than there is room for, then later ones are left out")
    func names() {
        let registry = MetricsRegistry(limits: .init(metrics: 1))
        Counter(label: "a_total", factory: registry).increment()
        Counter(label: "b_total", factory: registry).increment()
        #expect(lines(registry) == ["a_total 1", "metrics_dropped_series_total 1"])
    }

    @Test("given more looked up values than there is room for, then later ones are left out and counted")
    func collected() {
        let registry = MetricsRegistry(limits: .init(series: 1))
        registry.collect(MetricDescription("things", .gauge, labels: ["name"], help: "")) {
            [.init(1, ("name", "a")), .init(1, ("name", "b")), .init(1, ("name", "c"))]
        }
        #expect(lines(registry) == ["metrics_dropped_series_total 2", #"things{name="a"} 1"#])
    }

    @Test("given a long label value, then it is cut between two characters")
    func longValue() {
        let registry = MetricsRegistry(limits: .init(labelBytes: 4))
        Counter(label: "a_total", dimensions: [("name", "abcü")], factory: registry).increment()
        #expect(lines(registry).first == #"a_total{name="abc"} 1"#)
    }

    @Test("given one name with two meanings, then the first one stays")
    func kinds() {
        let registry = MetricsRegistry()
        Counter(label: "a_total", factory: registry).increment()
        Gauge(label: "a_total", factory: registry).record(9)
        #expect(lines(registry) == ["a_total 1", "metrics_dropped_series_total 1"])
    }

    @Test("given an instrument that is let go of, then its series is gone and its place is free")
    func destroyed() {
        let registry = MetricsRegistry(limits: .init(series: 1))
        let first = Counter(label: "a_total", dimensions: [("name", "a")], factory: registry)
        first.increment()
        first.destroy()
        Counter(label: "a_total", dimensions: [("name", "b")], factory: registry).increment()
        #expect(lines(registry) == [#"a_total{name="b"} 1"#, "metrics_dropped_series_total 0"])
    }

    @Test("given many tasks that count at the same time, then nothing is lost")
    func concurrency() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for index in 0..<1000 {
                        Counter(label: "a_total", dimensions: [("n", "\(index % 10)")], factory: registry).increment()
                        Meter(label: "b", factory: registry).increment()
                        Recorder(label: "c", factory: registry).record(1)
                    }
                }
            }
        }
        let lines = lines(registry)
        #expect(lines.filter { $0.hasPrefix("a_total") }.allSatisfy { $0.hasSuffix(" 800") })
        #expect(lines.count { $0.hasPrefix("a_total") } == 10)
        #expect(lines.contains("b 8000"))
        #expect(lines.contains("c_count 8000"))
    }

    @Test(
        "given an Accept header, then the client gets what it likes best",
        arguments: [
            (nil, MetricsFormat.prometheusText), ("*/*", .prometheusText), ("", .prometheusText),
            ("application/openmetrics-text", .openMetrics),
            ("application/openmetrics-text; version=1.0.0; charset=utf-8", .openMetrics),
            ("application/openmetrics-text;version=0.0.1", .prometheusText),
            ("application/openmetrics-text;q=0", .prometheusText),
            ("text/plain;q=0.9,application/openmetrics-text;q=0.2", .prometheusText),
            // What Prometheus 2 and 3 send.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                    + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                .openMetrics
            ),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                    + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                .openMetrics
            ),
        ]
    )
    func negotiation(accept: String?, format: MetricsFormat) {
        #expect(MetricsFormat(accept: accept) == format)
    }
}
