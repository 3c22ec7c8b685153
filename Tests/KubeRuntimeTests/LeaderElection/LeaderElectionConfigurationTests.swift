// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeClient
import KubeRuntime
import Testing

struct LeaderElectionConfigurationTests {
    @Test("given the defaults and a name, then the configuration is valid")
    func defaults() throws {
        let configuration = LeaderElectionConfiguration(identity: "me")
        #expect(configuration.leaseDuration == .seconds(10))
        #expect(configuration.renewDeadline == .seconds(7))
        #expect(configuration.retryPeriod == .seconds(2))
        try configuration.validate()
    }

    @Test(
        "73: given durations that leave no margin, or no name, then the configuration is refused",
        arguments: [
            LeaderElectionConfiguration(identity: ""),
            LeaderElectionConfiguration(identity: "me", leaseDuration: .seconds(15), renewDeadline: .seconds(15)),
            LeaderElectionConfiguration(identity: "me", renewDeadline: .milliseconds(2400)),
            LeaderElectionConfiguration(identity: "me", retryPeriod: .zero),
            LeaderElectionConfiguration(identity: "me", leaseDuration: .zero, renewDeadline: .seconds(-1)),
            LeaderElectionConfiguration(identity: "me", leaseDuration: .milliseconds(9500)),
        ]
    )
    func refused(configuration: LeaderElectionConfiguration) {
        let error = #expect(throws: KubeError.self) { try configuration.validate() }
        #expect(error?.code == .configuration)
    }

    @Test("given no identity, then each configuration has one of its own, which begins with the host's name")
    func madeUpIdentities() throws {
        let identities = (0..<100).map { _ in LeaderElectionConfiguration().identity }
        #expect(Set(identities).count == 100)
        let host = try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
        let name = try #require(host.split(whereSeparator: \.isWhitespace).first)
        #expect(identities.allSatisfy { $0.hasPrefix("\(name)_") })
        try LeaderElectionConfiguration().validate()
    }
}
