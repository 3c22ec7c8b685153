// SPDX-License-Identifier: Apache-2.0
import KubeClient
import Logging
import ServiceLifecycle

/// Services that run side by side and stop at the same moment.
///
/// A group of services stops them one after the other. Controllers must not stop like that: while the first one
/// finishes what it is at, the others would begin something new.
struct DrainingServices: Service {
    private enum Ending {
        case allEnded
        case timeIsUp
        case notStopping
    }

    let services: [any Service]
    /// How long they may take to stop before they are cancelled; nil for as long as whoever runs this lets them.
    let drainPeriod: Duration?
    let clock: AnyClock
    let logger: Logger
    /// Is called when they are asked to stop.
    let onStop: @Sendable () -> Void
    private let stopping = Latch()

    init(
        services: [any Service],
        drainPeriod: Duration?,
        clock: AnyClock = .continuous,
        logger: Logger,
        onStop: @escaping @Sendable () -> Void
    ) {
        self.services = services
        self.drainPeriod = drainPeriod
        self.clock = clock
        self.logger = logger
        self.onStop = onStop
    }

    /// Runs the services.
    ///
    /// That some had to be cancelled at the end is no error: what they left undone is taken up by the next process.
    /// - Throws: what the first service to fail has thrown.
    func run() async throws {
        try await withGracefulShutdownHandler {
            try await runUntilDrained()
        } onGracefulShutdown: {
            onStop()
            stopping.open()
        }
    }

    private func runUntilDrained() async throws {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask {
                try await runAll()
                return .allEnded
            }
            if let drainPeriod { group.addTask { await waitForTimeToBeUp(drainPeriod) } }
            var isTimeUp = false
            do {
                while let ending = try await group.next() {
                    switch ending {
                    case .allEnded: group.cancelAll()
                    case .notStopping: continue
                    case .timeIsUp:
                        isTimeUp = true
                        logger.warning(
                            "what is still at work is cancelled, so that the rest can stop in order",
                            metadata: ["after": "\(drainPeriod ?? .zero)"]
                        )
                        group.cancelAll()
                    }
                }
            } catch {
                guard isTimeUp else { throw error }
            }
        }
    }

    private func runAll() async throws {
        // Nothing to run is no reason to end.
        guard !services.isEmpty else { return try await stopping.wait() }
        try await withThrowingDiscardingTaskGroup { group in
            for service in services {
                group.addTask {
                    try await service.run()
                    guard Task.isShuttingDownGracefully || Task.isCancelled else {
                        throw KubeError(
                            code: .internalError,
                            message: "\(type(of: service)) has ended although nobody asked it to"
                        )
                    }
                }
            }
        }
    }

    private func waitForTimeToBeUp(_ drainPeriod: Duration) async -> Ending {
        do {
            // Not gracefulShutdown(): of a task that is cancelled already it may wait for ever.
            try await stopping.wait()
            try await clock.sleep(until: clock.now.advanced(by: drainPeriod))
            return .timeIsUp
        } catch {
            return .notStopping
        }
    }
}
