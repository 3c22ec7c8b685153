// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// The system's directory for files that need not stay.
enum TemporaryDirectory {
    static var value: String { ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp" }
}

/// Makes a directory that is gone after the closure.
/// - Parameter body: gets the directory's path.
package func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let directory = "\(TemporaryDirectory.value)/aetherius-test-\(UUID().uuidString.lowercased())"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
}
