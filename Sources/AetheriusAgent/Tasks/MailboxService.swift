// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import ServiceLifecycle

/// Follows an agent's mailbox and works on what comes.
struct MailboxService: ServiceLifecycle.Service {
    private let informer: Informer<DiagnosticTask>
    private let controller: Controller<MailboxReconciler>
    private let logger: Logger

    init(
        hub: KubernetesClient,
        identity: AgentIdentity,
        target: TargetHolder,
        access: @escaping @Sendable () -> ClusterAgent.Access,
        isHolder: @escaping @Sendable () -> Bool,
        maxConcurrentTasks: Int,
        metrics: AgentMetrics,
        health: HubHealth,
        logger: Logger
    ) throws(KubeError) {
        let mailbox = AgentNames.mailbox(identity.cluster)
        let objects = hub.resources(DiagnosticTask.self, namespace: mailbox)
        informer = Informer(objects, logger: logger)
        let running = RunningTasks()
        try informer.addHandler { event in
            // The reconciliation that waits for the investigation cannot hear of this: its key is being worked on.
            let task = event.object
            switch event {
            case .deleted: running.cancel(event.key)
            case .added, .updated:
                if task.spec.cancel || task.metadata.deletionTimestamp != nil { running.cancel(event.key) }
            }
        }
        controller = Controller(
            "mailbox",
            reconciler: MailboxReconciler(
                tasks: informer.store,
                objects: objects,
                writer: AgentReportWriter(client: hub),
                target: target,
                access: access,
                isHolder: isHolder,
                running: running,
                machine: TaskClaimStateMachine(instanceID: identity.instanceID),
                metrics: metrics,
                health: health,
                logger: logger
            ),
            sources: [
                .for(informer) { task in
                    // Severity decides what goes first when several wait.
                    switch task.spec.severity ?? .medium {
                    case .critical: 100
                    case .high: 50
                    case .medium: 10
                    default: 1
                    }
                }
            ],
            configuration: ControllerConfiguration(
                maxConcurrentReconciles: maxConcurrentTasks,
                initialRetryDelay: .seconds(1),
                maximumRetryDelay: .seconds(60)
            ),
            logger: logger
        )
        self.logger = logger
    }

    /// How many tasks wait for a worker.
    var waiting: Int { controller.queueDepth }

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await informer.run() }
            group.addTask {
                // The hub may be away for longer than a controller is willing to wait.
                do {
                    try await cancelWhenGracefulShutdown { try await informer.waitForSync() }
                } catch { return }
                if Task.isShuttingDownGracefully { return }
                try await controller.run()
            }
        }
    }
}
