// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Testing

@testable import AetheriusAgent

@Suite("Putting together a report")
struct ReportComposerTests {
    private let clock = HandClock()
    private let probe: TargetProbe
    private let holder = TargetHolder()
    private let intake = EventIntake()
    private let composer: ReportComposer
    private let observation: TargetObservation

    init() throws {
        probe = TargetProbe(clock: AnyClock(clock), logger: .silent)
        // Nobody listens there, and nothing is asked.
        let client = try KubernetesClient(configuration: ClientConfiguration(server: "http://127.0.0.1:1"))
        observation = TargetObservation(client: client, intake: intake, logger: .silent)
        composer = ReportComposer(
            identity: AgentIdentity(cluster: "edge", instanceID: "one", version: "1"),
            agents: Store<ClusterAgent>(),
            intake: intake,
            probe: probe,
            target: holder,
            mayReport: { true },
            waitingCommands: { 0 },
            tokenExpiry: { nil }
        )
    }

    private var collection: Condition? { composer.draft(at: .now).conditions[ConditionType.collectionHealthy] }

    @Test("given a cluster that does not answer, then nobody says that everything in it can be read")
    func unreachable() {
        holder.replace(with: observation)
        let error = KubeError(code: .connection, message: "nobody there")
        probe.failed(error)
        clock.advance(by: TargetProbe.StateMachine.patience)
        probe.failed(error)
        #expect(probe.condition.status == .false)
        #expect(collection?.status == .unknown)
        #expect(collection?.reason == "TargetUnreachable")
        holder.replace(with: nil)
        #expect(collection?.reason == "TargetUnreachable")
    }

    @Test("given a new kubeconfig that is refused, then it is said so until it is mended, with what else is wrong")
    func refused() {
        let refusal = KubeError(code: .configuration, message: "users[0].user.exec is not allowed")
        probe.refused(refusal)
        #expect(probe.condition.status == .false && probe.condition.reason == "InvalidConfiguration")
        #expect(probe.condition.message.contains("users[0].user.exec is not allowed; the old one is still used: "))
        probe.refused(nil)
        #expect(probe.condition.reason == "NotProbed")
    }

    @Test("given nodes whose use nobody measures, then the condition says why, and that everything can be read")
    func usage() {
        observation.health.usageProblem = "NotInstalled (the cluster does not serve metrics.k8s.io/v1beta1)"
        let condition = observation.health.condition
        #expect(condition.status == .true && condition.reason == "AllReadable")
        #expect(condition.message.contains("what the nodes use is not available: NotInstalled"))
        observation.health.usageProblem = nil
        #expect(observation.health.condition.message == "everything the agent looks at can be read")
    }
}
