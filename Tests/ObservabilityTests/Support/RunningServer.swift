// SPDX-License-Identifier: Apache-2.0
import Logging
import Observability
import ServiceLifecycle

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Runs a server with one site while a closure uses it.
func withServer<Result>(
    _ site: HTTPSite,
    _ body: (_ port: Int) async throws -> Result
) async throws -> Result {
    let (ports, report) = AsyncStream.makeStream(of: Int.self)
    let server = HTTPServer([site], logger: .silent) { _, port in report.yield(port) }
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { report.finish() }
            try await server.run()
        }
        defer { group.cancelAll() }
        guard let port = await ports.first(where: { _ in true }) else {
            while try await group.next() != nil {}
            throw CancellationError()
        }
        return try await body(port)
    }
}
