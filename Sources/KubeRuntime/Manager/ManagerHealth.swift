// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Tells how a ``Manager`` is doing, for the services that tell it to others.
public final class ManagerHealth: Sendable {
    private let informers: [any SyncingService]
    private let leaderElector: LeaderElector?
    private let stopping = Mutex(false)

    init(informers: [any SyncingService], leaderElector: LeaderElector?) {
        self.informers = informers
        self.leaderElector = leaderElector
    }

    /// Whether the process can do its work, and what it waits for if not: what a readiness probe asks for.
    ///
    /// A process that waits for another one's lease to end is ready. One that has been asked to stop is not, from that
    /// moment on.
    public var readiness: HealthReport {
        var checks = informers.map { informer in
            HealthReport.Check("informer-sync: \(type(of: informer))") {
                informer.hasSynced ? nil : "the first list of the objects is not complete"
            }
        }
        let isStopping = stopping.withLock { $0 }
        checks.append(HealthReport.Check("shutdown") { isStopping ? "the process has been asked to stop" : nil })
        return HealthReport(checks: checks)
    }

    /// Whether the process should go on: what a liveness probe asks for.
    public var liveness: HealthReport {
        guard let leaderElector else { return HealthReport(checks: []) }
        return HealthReport(
            checks: [
                HealthReport.Check("leader-election") {
                    leaderElector.isOverdue() ? "the lease has run out, and the process has not noticed" : nil
                }
            ]
        )
    }

    func beginStopping() { stopping.withLock { $0 = true } }
}
