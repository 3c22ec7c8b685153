// SPDX-License-Identifier: Apache-2.0
import KubeClient
import KubeTesting
import Logging
import ServiceLifecycle
import Testing

@testable import AetheriusOperator

@Suite("The ClusterAgent that an installation begins with", .timeLimit(.minutes(5)))
struct LocalClusterAgentTests {
    // What a service throws while a process stops takes the others their time to end in order.
    @Test(
        "given a stop while it cannot be created, then that is no error",
        arguments: [[ScriptedHTTPServer.Step.hold], ScriptedHTTPServer.answer(500, "{}")]
    )
    func stop(_ answer: [ScriptedHTTPServer.Step]) async throws {
        let server = try ScriptedHTTPServer { _ in answer }
        defer { server.stop() }
        var configuration = ClientConfiguration(server: server.url)
        configuration.transport.retries = .none
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = LocalClusterAgent(
            client: try KubernetesClient(configuration: configuration),
            namespace: "system",
            logger: logger
        )
        let group = ServiceGroup(configuration: .init(services: [.init(service: service)], logger: logger))
        let run = Task { try await group.run() }
        var events = server.events.makeAsyncIterator()
        _ = await events.next()
        await group.triggerGracefulShutdown()
        try await run.value
    }
}
