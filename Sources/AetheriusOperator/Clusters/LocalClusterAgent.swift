// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle

/// Creates the ClusterAgent `local` when an installation starts for the first time.
///
/// That it has done so is noted on the operator's Lease, which outlives the process: whoever deletes the ClusterAgent
/// has a reason, and a restart must not bring it back.
struct LocalClusterAgent: Service {
    let client: KubernetesClient
    let namespace: String
    let leaseName: String
    let logger: Logger

    static let annotation = "aetherius.io/local-cluster-agent-created"

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var delay = Duration.milliseconds(500)
            while !Task.isCancelled {
                do {
                    try await createOnce()
                    break
                } catch {
                    logger.warning(
                        "the ClusterAgent for this cluster cannot be created yet",
                        metadata: ["error": "\(error)"]
                    )
                    try await Task.sleep(for: delay)
                    delay = min(delay * 2, .seconds(30))
                }
            }
        }
        try? await gracefulShutdown()
    }

    private func createOnce() async throws(KubeError) {
        let leases = client.resources(Lease.self, namespace: namespace)
        let lease: Lease
        do throws(KubeError) {
            lease = try await leases.get(leaseName)
        } catch {
            // Without leader election nobody else makes one.
            guard error.code == .notFound else { throw error }
            lease = try await leases.create(Lease(metadata: ObjectMeta(name: leaseName)))
        }
        guard lease.metadata.annotations[Self.annotation] == nil else { return }
        let agent = ClusterAgent(
            metadata: ObjectMeta(
                name: AetheriusGroup.localClusterName,
                labels: [LabelKey.managedBy: LabelKey.managedByValue]
            ),
            spec: ClusterAgent.Spec(mode: .local)
        )
        do throws(KubeError) {
            var accepted = agent
            accepted.spec.accepted = true
            _ = try await client.resources(ClusterAgent.self).create(accepted, fieldManager: FieldManager.operator)
            logger.info("created the ClusterAgent for this cluster", metadata: ["cluster_id": "\(agent.metadata.name)"])
        } catch {
            // Somebody has prepared one of their own, or the note below did not get through last time.
            guard error.code == .alreadyExists else { throw error }
        }
        let note: JSONValue = ["metadata": ["annotations": [Self.annotation: "true"]]]
        _ = try await leases.patch(leaseName, .merge(note))
    }
}
