// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import ArgumentParser
import JSON
import KubeAPI
import KubeClient

struct ManifestCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "manifest",
            abstract: "Prints what connects a far cluster.",
            discussion: """
                It reads the Secret that the operator keeps for a ClusterAgent with mode Remote. Until the agent has \
                registered, a token is in it that is valid for an hour: treat the text as a password. Afterwards it is \
                the same without a token, and can be applied again at any time. If there is no such Secret (it was \
                deleted, to ask for a new token), it waits up to 40 seconds for the operator to make one.

                EXAMPLES
                  \(Invocation.name) agent manifest edge1 | kubectl --context edge1 apply -f -
                      connect the cluster of another context
                  \(Invocation.name) agent manifest edge1 > edge1.yaml
                      to be applied elsewhere
                """
        )
    }

    /// How long to wait for a manifest that the operator is about to make.
    ///
    /// It looks for one that is missing every 30 seconds.
    private static let patience = Duration.seconds(40)

    @Argument(help: "The name of the ClusterAgent.")
    var name: String

    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var impersonation: ImpersonationOptions

    func run() async throws {
        do {
            var configuration = try cluster.configuration()
            impersonation.apply(to: &configuration)
            print(try await manifest(try KubernetesClient(configuration: configuration)), terminator: "")
        } catch {
            StandardError.write("\(Invocation.name): \(Printable.line("\(error)"))\n")
            throw ExitCode(2)
        }
    }

    private func manifest(_ client: KubernetesClient) async throws -> String {
        let secrets = client.resources(DynamicObject.self, of: Secret.apiResource, namespace: AgentNames.namespace)
        let deadline = ContinuousClock.now + Self.patience
        var hasSaid = false
        while true {
            do throws(KubeError) {
                let secret = try await secrets.get(AgentNames.install(name))
                let text = secret.value.value(at: "data", AgentNames.manifestKey)?.stringValue
                if let bytes = text.flatMap(Base64.decode) { return String(decoding: bytes, as: UTF8.self) }
            } catch {
                guard error.code == .notFound else { throw error }
            }
            try await checkWorthWaiting(client)
            guard ContinuousClock.now < deadline else {
                throw KubeError(
                    code: .notFound,
                    message: "the operator has made no manifest for ClusterAgent \(name) yet: see its conditions "
                        + "(kubectl describe clusteragent \(name)) and whether the operator runs"
                )
            }
            if !hasSaid {
                StandardError.write(
                    "waiting up to 40 s for the operator to make the Secret \(AgentNames.namespace)/"
                        + "\(AgentNames.install(name)) with the manifest\n"
                )
                hasSaid = true
            }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    /// Whether the operator will make a manifest for the ClusterAgent as it is.
    private func checkWorthWaiting(_ client: KubernetesClient) async throws {
        let agent: ClusterAgent
        do throws(KubeError) {
            agent = try await client.resources(ClusterAgent.self).get(name)
        } catch {
            guard error.code == .notFound else { throw error }
            throw KubeError(code: .notFound, message: "there is no ClusterAgent \(name)")
        }
        guard agent.spec.mode == .remote else {
            throw KubeError(
                code: .invalid,
                message: "ClusterAgent \(name) has mode \(agent.spec.mode): only Remote agents are applied elsewhere"
            )
        }
        guard agent.spec.accepted else {
            throw KubeError(
                code: .invalid,
                message: "ClusterAgent \(name) is not accepted: set spec.accepted to true first"
            )
        }
    }
}
