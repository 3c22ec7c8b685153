// SPDX-License-Identifier: Apache-2.0
import AetheriusOperator
import FoundationEssentials
import JSON
import KubeTesting
import Observability
import Testing
import YAML

/// What the chart writes for the operator has to be what the operator reads.
@Suite struct ChartConfigurationTests {
    private static let chart = RepositoryPaths.root + "/charts/aetherius"

    @Test(
        "given what the chart renders, then the operator takes the configuration that is in it",
        arguments: ["default", "everything", "existing-account", "hardened", "minimal", "namespace-scoped"]
    )
    func rendered(name: String) async throws {
        let bytes = try Data(contentsOf: URL(filePath: "\(Self.chart)/ci/golden/\(name).yaml"))
        let objects = try YAML.decodeAll(Array(bytes))
        let texts = objects.compactMap { $0.value(at: "data", "config.yaml")?.stringValue }
        let deployment = try #require(objects.first { $0["kind"] == "Deployment" })
        let container = deployment.value(at: "spec", "template", "spec", "containers")?.arrayValue?.first
        let readsFile = container?["args"]?.arrayValue?.contains("--config") == true
        #expect(texts.count == (readsFile ? 1 : 0))
        try await withDirectory { directory in
            let path = "\(directory)/config.yaml"
            try Data((texts.first ?? "").utf8).write(to: URL(filePath: path))
            let values = try SettingValues(of: OperatorSetting.all, flags: [:], environment: [:], file: path)
            let configuration = try OperatorConfiguration(values, podNamespace: "aetherius-system") { "pod" }
            let ports = container?["ports"]?.arrayValue ?? []
            func port(_ name: String) -> Int? {
                ports.first { $0["name"]?.stringValue == name }?["containerPort"]?.integerValue.map { Int($0) }
            }
            #expect(configuration.healthAddress?.port == port("health"))
            #expect(configuration.metricsAddress?.port == port("metrics"))
            let grace = deployment.value(at: "spec", "template", "spec", "terminationGracePeriodSeconds")?.integerValue
            #expect(configuration.gracePeriod + .seconds(5) == Duration.seconds(grace ?? 0))
        }
    }

    @Test("given the chart's values, then their defaults are the operator's, which it does not write down")
    func defaults() throws {
        let values = try YAML.decode(Array(Data(contentsOf: URL(filePath: "\(Self.chart)/values.yaml"))))
        let settings: [([String], Setting)] = [
            (["operator", "maxConcurrentTasks"], OperatorSetting.maxConcurrentTasks),
            (["operator", "kubeAPIQPS"], OperatorSetting.requestsPerSecond),
            (["operator", "kubeAPIBurst"], OperatorSetting.requestBurst),
            (["operator", "shutdownGracePeriodSeconds"], OperatorSetting.gracePeriod),
            (["logging", "level"], OperatorSetting.logLevel),
            (["leaderElection", "enabled"], OperatorSetting.leaderElection),
            (["health", "port"], OperatorSetting.healthAddress),
            (["metrics", "port"], OperatorSetting.metricsAddress),
            (["metrics", "secure"], OperatorSetting.metricsSecure),
            (["rbac", "readSecrets"], OperatorSetting.readSecrets),
        ]
        for (path, setting) in settings {
            let text: String
            switch path.reduce(values, { $0[$1] ?? .null }) {
            case .string(let value): text = value
            case .bool(let value): text = "\(value)"
            case .integer(let value): text = setting.form == .address ? ":\(value)" : "\(value)"
            default: text = ""
            }
            #expect(text == setting.fallback, "\(path.joined(separator: "."))")
        }
    }
}
