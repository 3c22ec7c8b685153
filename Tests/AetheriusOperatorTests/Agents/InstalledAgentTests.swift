// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import Testing

@testable import AetheriusOperator

@Suite("Whose agent is in a far cluster")
struct InstalledAgentTests {
    private static let reference = ClusterAgent.KubeconfigReference(name: "far")

    private func remote(_ name: String, hubUID: String? = "hub") -> RemoteAgent {
        RemoteAgent(
            agent: ClusterAgent(metadata: ObjectMeta(name: name), spec: .init(mode: .remote)),
            image: "i",
            connection: .init(server: "https://hub", hubUID: hubUID)
        )
    }

    /// What the operator itself has installed there.
    private func installed(_ remote: RemoteAgent) throws -> InstalledAgent {
        let configuration = try #require(remote.objects.first { $0.resource == .configMap })
        return InstalledAgent(DynamicObject(configuration.value))
    }

    private func words(_ state: AgentDeploymentState?) -> (reason: String, message: String)? {
        guard case .failed(let reason, let message)? = state else { return nil }
        return (reason, message)
    }

    @Test("given its own, made by this hub or by one that does not say, then an agent may be installed")
    func own() throws {
        #expect(try installed(remote("edge")).obstacle(to: remote("edge")) == nil)
        #expect(try installed(remote("edge", hubUID: nil)).obstacle(to: remote("edge")) == nil)
        #expect(try installed(remote("edge")).obstacle(to: remote("edge", hubUID: nil)) == nil)
        let nothing: JSONValue = ["metadata": ["name": "aetherius-agent-hub"]]
        #expect(InstalledAgent(DynamicObject(nothing)).obstacle(to: remote("edge")) == nil)
    }

    @Test("given another ClusterAgent's, by label or by content, then that one is named, and what to do")
    func another() throws {
        let found = try #require(words(try installed(remote("edge")).obstacle(to: remote("copy"))))
        #expect(found.reason == "InstalledByAnother")
        #expect(found.message.contains("ClusterAgent edge ") && found.message.contains("delete"))
        let unlabelled: JSONValue = ["metadata": ["name": "a"], "data": ["cluster": "edge"]]
        #expect(words(InstalledAgent(DynamicObject(unlabelled)).obstacle(to: remote("copy"))) != nil)
    }

    @Test("given one of the same name that reports to another hub, then that hub is named")
    func anotherHub() throws {
        let installed = try installed(remote("edge", hubUID: "other-hub"))
        #expect(installed.isOfAnotherHub(than: remote("edge")))
        #expect(words(installed.obstacle(to: remote("edge")))?.message.contains("other-hub") == true)
        #expect(!installed.isOfAnotherHub(than: remote("edge", hubUID: nil)))
    }

    @Test("given what stands in the way of a connection, then the condition's word says what it is")
    func reasons() {
        func reason(_ code: KubeError.Code, _ failure: KubeError.ConnectionFailure? = nil) -> String {
            var error = KubeError(code: code, message: "m")
            error.connectionFailure = failure
            return TargetCluster.reason(error)
        }
        #expect(reason(.connection, .nameNotResolved) == "NameNotResolved")
        #expect(reason(.connection, .tls) == "TLSFailed")
        #expect(reason(.connection, .timedOut) == "Timeout")
        #expect(reason(.connection, .notConnected) == "NotConnected")
        #expect(reason(.connection, .proxy) == "ProxyFailed")
        #expect(reason(.connection) == "ConnectionLost")
        #expect(reason(.deadlineExceeded) == "Timeout")
        #expect(reason(.unauthorized) == "CredentialRejected")
        #expect(reason(.forbidden) == "AccessDenied")
        #expect(reason(.configuration) == "InvalidKubeconfig")
        #expect(reason(.notFound) == "NotInstalled")
        #expect(reason(.invalid) == "InstallFailed")
    }

    @Test("given a token that the far cluster refuses, then the message names the Secret that it is from")
    func refusedToken() {
        let refused = TargetCluster.message(KubeError(code: .unauthorized, message: "Unauthorized"), by: Self.reference)
        #expect(refused.hasPrefix("Secret aetherius-agents/far, key kubeconfig: "))
        #expect(refused.contains("(401)"))
        let other = TargetCluster.message(KubeError(code: .forbidden, message: "no"), by: Self.reference)
        #expect(other == "no")
    }
}
