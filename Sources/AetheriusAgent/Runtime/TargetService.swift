// SPDX-License-Identifier: Apache-2.0
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle

/// Observes the cluster over the present connection, and over another one when its kubeconfig changes.
struct TargetService: ServiceLifecycle.Service {
    /// The time between two looks at the kubeconfig.
    static let lookInterval = Duration.seconds(5)

    let target: AgentTarget
    let holder: TargetHolder
    let probe: TargetProbe
    let intake: EventIntake
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            switch target {
            case .client(let client): await observe(client)
            case .kubeconfig(let path, let makeClient): await follow(path, makeClient)
            }
        }
        holder.replace(with: nil)
    }

    private func observe(_ client: KubernetesClient) async {
        let observation = TargetObservation(client: client, intake: intake, logger: logger)
        intake.beginTarget()
        holder.replace(with: observation)
        await withDiscardingTaskGroup { group in
            group.addTask { try? await observation.run() }
            group.addTask { await probe.run(client) }
        }
    }

    private func follow(
        _ path: String,
        _ makeClient: @escaping @Sendable (ClientConfiguration) throws(KubeError) -> KubernetesClient
    ) async {
        var known: [UInt8]?
        var loggedProblem: String?
        var observing: Task<Void, Never>?
        while !Task.isCancelled {
            do throws(KubeError) {
                let text = try File.read(path, for: "the target's kubeconfig")
                if text != known {
                    let client = try makeClient(try .selfContained(kubeconfig: text, origin: path))
                    known = text
                    observing?.cancel()
                    await observing?.value
                    logger.info("observing", metadata: ["server": "\(client.configuration.server)"])
                    probe.reset()
                    observing = Task { await observe(client) }
                }
                probe.refused(nil)
                if loggedProblem != nil { logger.info("the target's kubeconfig can be used again") }
                loggedProblem = nil
            } catch {
                // An observation under way goes on by what the file said before.
                if observing == nil { probe.failed(error) } else { probe.refused(error) }
                if error.message != loggedProblem {
                    logger.error("the target's kubeconfig cannot be used", metadata: ["error": "\(error.message)"])
                }
                loggedProblem = error.message
            }
            do { try await Task.sleep(for: Self.lookInterval) } catch { break }
        }
        observing?.cancel()
        await observing?.value
    }
}
