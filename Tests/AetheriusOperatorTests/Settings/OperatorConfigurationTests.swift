// SPDX-License-Identifier: Apache-2.0
import Observability
import Testing

@testable import AetheriusOperator

@Suite struct OperatorConfigurationTests {
    private func configuration(
        _ flags: [String: String],
        podNamespace: String? = nil
    ) throws -> OperatorConfiguration {
        let values = try SettingValues(of: OperatorSetting.all, flags: flags, environment: [:], file: nil)
        return try OperatorConfiguration(values, podNamespace: podNamespace) { "made" }
    }

    @Test("given no settings, then the configuration has the documented defaults")
    func defaults() throws {
        var expected = OperatorConfiguration(namespace: "aetherius-system", identity: "made")
        expected.healthAddress = BindAddress(port: 8080)
        expected.metricsAddress = BindAddress(port: 9090)
        #expect(try configuration([:]) == expected)
        #expect(expected.maxConcurrentTasks == 50 && expected.electsLeader && !expected.readsSecrets)
        #expect(expected.gracePeriod == .seconds(30) && expected.watchNamespaces.isEmpty)
    }

    @Test("given every setting that is about how the operator works, then the configuration has each")
    func everySetting() throws {
        var expected = OperatorConfiguration(
            namespace: "platform",
            identity: "me",
            maxConcurrentTasks: 7,
            electsLeader: false,
            gracePeriod: .seconds(12)
        )
        expected.watchNamespaces = ["shop", "billing"]
        expected.readsSecrets = true
        expected.healthAddress = BindAddress(host: "127.0.0.1", port: 1)
        expected.metricsAddress = BindAddress(host: "127.0.0.1", port: 2)
        expected.secureMetrics = .init(certificates: "/tls")
        let flags = [
            "namespace": "platform", "identity": "me", "max-concurrent-tasks": "7", "leader-election": "false",
            "shutdown-grace-period": "12", "watch-namespaces": "shop,billing", "read-secrets": "true",
            "health-probe-bind-address": "127.0.0.1:1", "metrics-bind-address": "127.0.0.1:2",
            "metrics-secure": "true", "metrics-cert-dir": "/tls",
        ]
        #expect(try configuration(flags, podNamespace: "elsewhere") == expected)
    }

    @Test("given a grace period, then its last part is kept for what is to be cancelled and said goodbye to")
    func drainPeriod() throws {
        for (grace, drain) in [("30", 25.0), ("120", 115), ("6", 5), ("3", 2.5)] {
            #expect(try configuration(["shutdown-grace-period": grace]).drainPeriod == .seconds(drain))
        }
    }

    @Test("given a pod, then its namespace is the operator's, unless it is empty or another one is set")
    func podNamespace() throws {
        #expect(try configuration([:], podNamespace: "of-pod").namespace == "of-pod")
        #expect(try configuration([:], podNamespace: "").namespace == "aetherius-system")
        #expect(try configuration(["namespace": "set"], podNamespace: "of-pod").namespace == "set")
    }

    @Test("given addresses that are 0, then nothing is served")
    func servesNothing() throws {
        let configuration = try configuration(["health-probe-bind-address": "0", "metrics-bind-address": "0"])
        #expect(configuration.healthAddress == nil && configuration.metricsAddress == nil)
    }
}
