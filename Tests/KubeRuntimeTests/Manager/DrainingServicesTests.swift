// SPDX-License-Identifier: Apache-2.0
import KubeClient
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import KubeRuntime

@Suite(.timeLimit(.minutes(5)))
struct DrainingServicesTests {
    /// Ends when it is asked to and its gate is open, or when it is cancelled.
    private struct Worker: ServiceLifecycle.Service {
        let name: String
        let gate: Gate?
        let steps: Journal<String>

        func run() async throws {
            let stop = Latch()
            try await withGracefulShutdownHandler {
                steps.append("\(name) begins")
                try await stop.wait()
                if let gate {
                    await gate.pass()
                } else {
                    do { try await Task.sleep(for: .seconds(3600)) } catch {
                        steps.append("\(name) is cancelled")
                        throw error
                    }
                }
                steps.append("\(name) has ended")
            } onGracefulShutdown: {
                steps.append("\(name) is asked to end")
                stop.open()
            }
        }
    }

    private let steps = Journal<String>()
    private let clock = VirtualClock()

    private func group(_ services: [any ServiceLifecycle.Service], drainPeriod: Duration?) -> ServiceGroup {
        let steps = steps
        let draining = DrainingServices(
            services: services,
            drainPeriod: drainPeriod,
            clock: AnyClock(clock),
            logger: .silent
        ) { steps.append("stop") }
        return ServiceGroup(configuration: .init(services: [.init(service: draining)], logger: .silent))
    }

    @Test("given a stop, then all are asked at the same moment, and none waits for another")
    func atOnce() async throws {
        let gate = Gate()
        let workers = ["a", "b"].map { Worker(name: $0, gate: gate, steps: steps) }
        let group = group(workers, drainPeriod: nil)
        let run = Task { try await group.run() }
        await steps.first(2)
        await group.triggerGracefulShutdown()
        await steps.first(5)
        #expect(Set(steps.entries[2...4]) == ["stop", "a is asked to end", "b is asked to end"])
        gate.open()
        try await run.value
        #expect(Set(steps.entries[5...]) == ["a has ended", "b has ended"])
    }

    @Test("given one that does not end in time, then it is cancelled, and the run ends in good order")
    func timeIsUp() async throws {
        let gate = Gate()
        let workers = [Worker(name: "quick", gate: gate, steps: steps), Worker(name: "slow", gate: nil, steps: steps)]
        let group = group(workers, drainPeriod: .seconds(25))
        let run = Task { try await group.run() }
        await steps.first(2)
        await group.triggerGracefulShutdown()
        gate.open()
        await steps.first(6)
        await waitUntil { clock.nextDelay == .seconds(25) }
        #expect(!steps.entries.contains("slow is cancelled"))
        clock.advance(by: .seconds(25))
        try await run.value
        #expect(steps.entries.last == "slow is cancelled")
    }

    @Test("given one that ends although nobody asked it to, then the run fails and names it")
    func unexpectedEnd() async throws {
        struct Short: ServiceLifecycle.Service { func run() async throws {} }
        let group = group([Short(), Worker(name: "a", gate: nil, steps: steps)], drainPeriod: .seconds(25))
        let error = await #expect(throws: KubeError.self) { try await group.run() }
        #expect(error?.message == "Short has ended although nobody asked it to")
    }

    @Test("given one that fails, then the others are cancelled and the run fails with its error")
    func failure() async throws {
        struct Failing: ServiceLifecycle.Service {
            func run() async throws { throw LeadershipLostError(lease: "a", reason: "b") }
        }
        let group = group([Failing(), Worker(name: "a", gate: nil, steps: steps)], drainPeriod: .seconds(25))
        await #expect(throws: LeadershipLostError.self) { try await group.run() }
    }
}
