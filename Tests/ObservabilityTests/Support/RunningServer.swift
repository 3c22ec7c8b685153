// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Logging
import Observability
import ServiceLifecycle
import Subprocess

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

/// Makes a directory that is gone after the closure.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let top = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    let directory = "\(top)/aetherius-test-\(UUID().uuidString.lowercased())"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
}

/// Writes a certificate that signs itself, as `tls.crt` and `tls.key`.
func makeCertificate(named name: String, in directory: String) async throws {
    let result = try await Subprocess.run(
        .name("openssl"),
        arguments: [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
            "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", "\(directory)/tls.key", "-out", "\(directory)/tls.crt",
        ],
        output: .discarded,
        error: .string(limit: 1 << 16)
    )
    guard result.terminationStatus.isSuccess else { throw TestClusterError(message: result.standardError) }
}
