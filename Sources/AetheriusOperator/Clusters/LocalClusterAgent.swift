// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle

/// Creates the ClusterAgent `local` when an installation starts for the first time.
///
/// That it has done so is noted by a Lease that nobody holds: whoever deletes the ClusterAgent has a reason, and a
/// restart must not bring it back.
struct LocalClusterAgent: ServiceLifecycle.Service {
    let client: KubernetesClient
    let namespace: String
    let logger: Logger

    /// The Lease whose existence says that the installation has been through its first start.
    static let noteName = "aetherius-installation"

    func run() async throws {
        await cancelWhenGracefulShutdown { await createSometime() }
        try? await gracefulShutdown()
    }

    /// Tries until it is done or the task is cancelled.
    ///
    /// A stop is no error: what a service throws ends the whole process at once.
    private func createSometime() async {
        var delay = Duration.milliseconds(500)
        while true {
            do throws(KubeError) {
                return try await createOnce()
            } catch {
                if Task.isCancelled { return }
                logger.warning(
                    "the ClusterAgent for this cluster cannot be created yet",
                    metadata: ["error": "\(error)"]
                )
            }
            guard (try? await Task.sleep(for: delay)) != nil else { return }
            delay = min(delay * 2, .seconds(30))
        }
    }

    private func createOnce() async throws(KubeError) {
        let leases = client.resources(Lease.self, namespace: namespace)
        guard try await isMissing({ () throws(KubeError) in _ = try await leases.get(Self.noteName) }) else { return }
        var agent = ClusterAgent(
            metadata: ObjectMeta(
                name: AetheriusGroup.localClusterName,
                labels: [LabelKey.managedBy: LabelKey.managedByValue]
            ),
            spec: ClusterAgent.Spec(mode: .local)
        )
        agent.spec.accepted = true
        try await unlessThere { () throws(KubeError) in
            _ = try await client.resources(ClusterAgent.self).create(agent, fieldManager: FieldManager.operator)
            logger.info("created the ClusterAgent for this cluster", metadata: ["cluster_id": "\(agent.metadata.name)"])
        }
        try await unlessThere { () throws(KubeError) in
            _ = try await leases.create(Lease(metadata: ObjectMeta(name: Self.noteName)))
        }
    }

    private func isMissing(_ read: () async throws(KubeError) -> Void) async throws(KubeError) -> Bool {
        do throws(KubeError) {
            try await read()
            return false
        } catch {
            guard error.code == .notFound else { throw error }
            return true
        }
    }

    /// Creates something; that somebody has prepared it is as good.
    private func unlessThere(_ create: () async throws(KubeError) -> Void) async throws(KubeError) {
        do throws(KubeError) {
            try await create()
        } catch {
            guard error.code == .alreadyExists else { throw error }
        }
    }
}
