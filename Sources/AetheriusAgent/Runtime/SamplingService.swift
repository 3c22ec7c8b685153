// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime
import ServiceLifecycle

/// Takes the cluster's numbers as often as the ClusterAgent says.
struct SamplingService: ServiceLifecycle.Service {
    let holder: TargetHolder
    let composer: ReportComposer
    var clock = AnyClock.continuous

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var delay = Duration.seconds(1)
                // Half a list would look like a cluster that has shrunk.
                if let observation = holder.current, observation.pendingKinds.isEmpty {
                    composer.sampled(await ClusterNumbers(observation: observation).take(at: .now))
                    delay = composer.routineInterval
                }
                do { try await clock.sleep(until: clock.now.advanced(by: delay)) } catch { return }
            }
        }
    }
}
