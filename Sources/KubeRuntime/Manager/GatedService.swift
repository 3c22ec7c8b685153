// SPDX-License-Identifier: Apache-2.0
import ServiceLifecycle

/// A service that does not begin before something else has happened.
struct GatedService: Service {
    let service: any Service
    let gate: @Sendable () async throws -> Void

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown(gate)
        } catch is CancellationError where Task.isShuttingDownGracefully && !Task.isCancelled {
            return
        }
        if Task.isShuttingDownGracefully { return }
        try await service.run()
    }
}

/// Something that does its work when it is let, and then only waits for the end.
struct OneTimeService: Service {
    let work: @Sendable () async throws -> Void

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown(work)
        } catch is CancellationError where Task.isShuttingDownGracefully && !Task.isCancelled {
            return
        }
        try await gracefulShutdown()
    }
}
