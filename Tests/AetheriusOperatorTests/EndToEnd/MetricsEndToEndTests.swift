// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Observability
import Testing

@testable import AetheriusOperator

@Suite(.timeLimit(.minutes(5)))
struct MetricsEndToEndTests {
    /// The names of the metrics on a page, with the kinds that it gives them.
    private func kinds(on page: String) -> [String: String] {
        page.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.reduce(into: [:]) { kinds, line in
            let words = line.split(separator: " ")
            kinds[String(words[2])] = String(words[3])
        }
    }

    @Test("given an operator that has worked, then its metrics tell of it, and each is as documented")
    func documented() async throws {
        let cluster = try await RunningOperator.shared()
        let program = try await RunningOperator.sharedProgram()
        let namespace = try await cluster.makeNamespace()
        let pod = try await cluster.makeDeployment("web", in: namespace)
        try await cluster.setStatus(ofPod: pod, in: namespace, TestCluster.outOfMemory)
        let task = try await cluster.end(of: try await cluster.ask(about: "web", in: namespace))
        #expect(task.status.diagnosis?.rootCause?.class == "OOMKilled")

        let url = try await program.address(of: "metrics") + "/metrics"
        var page = try await HTTPAnswer.of(url)
        #expect(page.status == 200)
        // What has ended is counted after it is written, and written before anybody reads of it.
        while !page.body.contains("aetherius_diagnosis_root_causes_total{class=\"OOMKilled\"} ") {
            page = try await HTTPAnswer.of(url)
        }
        let described = Dictionary(uniqueKeysWithValues: OperatorMetrics.descriptions.map { ($0.name, $0) })
        for (name, kind) in kinds(on: page.body) {
            #expect(described[name]?.kind.word == kind, "\(name) is a \(kind) and documented otherwise")
        }
        for line in page.body.split(separator: "\n") where !line.hasPrefix("#") {
            let name = line.prefix { $0 != "{" && $0 != " " }
            guard let brace = line.firstIndex(of: "{") else { continue }
            let labels = line[brace...].matches(of: /([a-z]+)="/).map { String($0.1) }.filter { $0 != "le" }
            let family = described[String(name)] ?? described.first { name.hasPrefix($0.key + "_") }?.value
            #expect(Set(labels) == Set(family?.labels ?? []), "\(line)")
        }
        for expected in [
            #"aetherius_tasks_ended_total{phase="Completed",reason="RootCauseFound"} "#,
            #"aetherius_diagnosis_root_causes_total{class="OOMKilled"} "#,
            #"aetherius_task_duration_seconds_count{phase="Completed"} "#, "aetherius_task_attempts_total ",
            "aetherius_diagnosis_evidence_seconds_count ", "aetherius_diagnosis_confidence_count ",
            "\naetherius_queue_depth 0\n", #"aetherius_agent_total{status="online"} "#,
            #"aetherius_tasks{phase="Completed"} "#, #"leader_election_master_status{name="aetherius-operator"} 1"#,
            #"controller_runtime_reconcile_total{controller="diagnostictask",result="success"} "#,
            #"workqueue_adds_total{controller="diagnostictask",name="diagnostictask"} "#,
            #"rest_client_requests_total{code="200","#, #"rest_client_request_duration_seconds_count{"#,
            "process_resident_memory_bytes ", "process_cpu_seconds_total ", "process_start_time_seconds ",
            #"aetherius_build_info{commit=""#, "\nmetrics_dropped_series_total 0\n",
        ] {
            #expect(page.body.contains(expected), "\(expected) is missing in\n\(page.body)")
        }
    }

    @Test("given a diagnosis, then the time that its evidence took is among the metrics, in OpenMetrics too")
    func histograms() async throws {
        let cluster = try await RunningOperator.shared()
        let program = try await RunningOperator.sharedProgram()
        let namespace = try await cluster.makeNamespace()
        _ = try await cluster.end(of: try await cluster.ask(about: "missing", in: namespace))
        let page = try await HTTPAnswer.of(
            try await program.address(of: "metrics") + "/metrics",
            "-H",
            "Accept: application/openmetrics-text"
        ).body
        let sum = page.split(separator: "\n").first { $0.hasPrefix("aetherius_diagnosis_evidence_seconds_sum ") }
        let seconds = try #require(sum?.split(separator: " ").last.flatMap { Double($0) })
        #expect(seconds > 0.001 && seconds < 300)
        #expect(page.hasSuffix("# EOF\n"))
    }

    @Test("given an operator, then its probes tell that it is healthy, and what was looked at")
    func probes() async throws {
        _ = try await RunningOperator.shared()
        let health = try await RunningOperator.sharedProgram().address(of: "health")
        for path in ["healthz", "readyz", "health", "health/live", "health/ready"] {
            let answer = try await HTTPAnswer.of("\(health)/\(path)")
            #expect(answer.status == 200, "\(path): \(answer.body)")
        }
        let ready = try JSON.decode(JSONValue.self, from: Array(try await HTTPAnswer.of("\(health)/readyz").body.utf8))
        let names = ready["checks"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        #expect(names.contains("informer-sync: Informer<DiagnosticTask>"))
        #expect(names.contains("shutdown"))
        let live = try await HTTPAnswer.of("\(health)/healthz").body
        #expect(live.contains(#""name":"leader-election","healthy":true"#))
    }
}
