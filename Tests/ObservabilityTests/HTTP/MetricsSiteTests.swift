// SPDX-License-Identifier: Apache-2.0
import CoreMetrics
import FoundationEssentials
import KubeClient
import KubeTesting
import Testing

@testable import Observability

@Suite(.timeLimit(.minutes(5)))
struct MetricsSiteTests {
    private let address = BindAddress(host: "127.0.0.1", port: 0)

    private func registry() -> MetricsRegistry {
        let registry = MetricsRegistry()
        Counter(label: "jobs_total", factory: registry).increment()
        return registry
    }

    @Test("given what Prometheus asks for, then it gets OpenMetrics, and curl gets Prometheus' text")
    func formats() async throws {
        try await withServer(.metrics(at: address, registry: registry())) { port in
            let url = "http://127.0.0.1:\(port)/metrics"
            let text = try await HTTPAnswer.of(url)
            #expect(text.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(text.body.contains("# TYPE jobs_total counter\njobs_total 1\n"))
            let open = try await HTTPAnswer.of(url, "-H", "Accept: application/openmetrics-text; version=1.0.0")
            #expect(open.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
            #expect(open.body.contains("# TYPE jobs counter\njobs_total 1\n"))
            #expect(open.body.hasSuffix("# EOF\n"))
            #expect(try await HTTPAnswer.of("http://127.0.0.1:\(port)/healthz").status == 404)
        }
    }

    @Test("given someone who decides, then only the right token sees the metrics, and each refusal has its status")
    func authorization() async throws {
        let site = HTTPSite.metrics(at: address, registry: registry()) { token in
            switch token {
            case "good": .allowed
            case "other": .forbidden
            case "later": .undecided(reason: "unavailable")
            default: .unauthenticated
            }
        }
        try await withServer(site) { port in
            let url = "http://127.0.0.1:\(port)/metrics"
            #expect(try await HTTPAnswer.of(url, "-H", "Authorization: bearer good").status == 200)
            let nobody = try await HTTPAnswer.of(url)
            #expect(nobody.status == 401)
            #expect(nobody.headers["www-authenticate"] == "Bearer")
            #expect(!nobody.body.contains("jobs_total"))
            #expect(try await HTTPAnswer.of(url, "-H", "Authorization: Basic good").status == 401)
            let other = try await HTTPAnswer.of(url, "-H", "Authorization: Bearer other")
            #expect(other.status == 403)
            #expect(other.body.contains("non-resource URL /metrics"))
            #expect(try await HTTPAnswer.of(url, "-H", "Authorization: Bearer later").status == 503)
        }
    }

    @Test("given a certificate that is replaced while the server runs, then new connections see the new one")
    func certificates() async throws {
        try await withDirectory { directory in
            try await OpenSSL.makeServerCertificate(named: "first", in: directory)
            let old = try String(contentsOfFile: "\(directory)/tls.crt", encoding: .utf8)
            try old.write(toFile: "\(directory)/old.crt", atomically: true, encoding: .utf8)
            let certificate = try ServerCertificate(directory: directory, interval: .milliseconds(20))
            try await withServer(.metrics(at: address, registry: registry(), certificate: certificate)) { port in
                let url = "https://127.0.0.1:\(port)/metrics"
                #expect(try await HTTPAnswer.of(url, "--cacert", "\(directory)/old.crt").status == 200)
                #expect(try await HTTPAnswer.of("http://127.0.0.1:\(port)/metrics").status == 0)
                // Half of a new pair is not used: the old one goes on.
                try Data("half".utf8).write(to: URL(filePath: "\(directory)/tls.crt"))
                #expect(throws: KubeError.self) { try certificate.reload() }
                #expect(try await HTTPAnswer.of(url, "--cacert", "\(directory)/old.crt").status == 200)
                try await OpenSSL.makeServerCertificate(named: "second", in: directory)
                var answer = try await HTTPAnswer.of(url, "--cacert", "\(directory)/tls.crt")
                while answer.status != 200 {
                    answer = try await HTTPAnswer.of(url, "--cacert", "\(directory)/tls.crt")
                }
                #expect(try await HTTPAnswer.of(url, "--cacert", "\(directory)/old.crt").status == 0)
            }
        }
    }

    @Test("given files that are no certificate and key, then the error names the file")
    func wrongFiles() async throws {
        try await withDirectory { directory in
            let missing = #expect(throws: KubeError.self) { try ServerCertificate(directory: directory) }
            #expect(missing?.message.contains("\(directory)/tls.crt") == true)
            try await OpenSSL.makeServerCertificate(named: "a", in: directory)
            let key = try String(contentsOfFile: "\(directory)/tls.key", encoding: .utf8)
            try await OpenSSL.makeServerCertificate(named: "b", in: directory)
            try key.write(toFile: "\(directory)/tls.key", atomically: true, encoding: .utf8)
            let foreign = #expect(throws: KubeError.self) { try ServerCertificate(directory: directory) }
            #expect(foreign?.message.hasPrefix("\(directory)/tls.key: it does not hold the key of") == true)
            try Data("nonsense".utf8).write(to: URL(filePath: "\(directory)/tls.crt"))
            let nonsense = #expect(throws: KubeError.self) { try ServerCertificate(directory: directory) }
            #expect(nonsense?.message == "\(directory)/tls.crt: it holds no certificate in PEM form")
        }
    }
}
