// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Subprocess
import Synchronization

/// A local Kubernetes that ends with this process.
///
/// The script that starts it watches its standard input, whose other end is held here: however this process ends, the
/// pipe closes and everything is taken down.
final class LocalKubernetes: Sendable {
    /// The kubeconfig of the cluster's administrator.
    let kubeconfig: String
    private let runner: Task<Void, Never>

    private init(kubeconfig: String, runner: Task<Void, Never>) {
        self.kubeconfig = kubeconfig
        self.runner = runner
    }

    static func start(arguments: [String]) async throws -> LocalKubernetes {
        let directory = "\(TemporaryDirectory.value)/aetherius-test-\(UUID().uuidString.lowercased())"
        let (ready, report) = AsyncStream.makeStream(of: Result<String, TestClusterError>.self)
        let runner = Task {
            await run(arguments: ["run", "--dir", directory, "--delete-dir"] + arguments, report: report)
        }
        for await result in ready {
            return LocalKubernetes(kubeconfig: try result.get(), runner: runner)
        }
        throw TestClusterError(message: "the local Kubernetes was cancelled while it started")
    }

    /// Takes the cluster down and waits until it is gone.
    func stop() async {
        runner.cancel()
        await runner.value
    }

    private static func run(
        arguments: [String],
        report: AsyncStream<Result<String, TestClusterError>>.Continuation
    ) async {
        defer { report.finish() }
        do {
            // Cancelling must close the pipe and let the script clean up, not kill the script.
            var platform = PlatformOptions()
            platform.teardownSequence = [.send(signal: .terminate, allowedDurationToNextStep: .seconds(60))]
            let result = try await Subprocess.run(
                .name("bash"),
                arguments: Arguments([RepositoryPaths.scripts + "/local-kubernetes"] + arguments),
                platformOptions: platform,
                input: .inputWriter,
                output: .sequence,
                error: .string(limit: 1 << 20)
            ) { execution in
                for try await line in execution.standardOutput.strings() {
                    let words = line.split(whereSeparator: \.isWhitespace)
                    guard words.first == "READY", words.count == 2 else { continue }
                    report.yield(.success(String(words[1])))
                }
            }
            report.yield(.failure(TestClusterError(message: result.standardError)))
        } catch {
            report.yield(.failure(TestClusterError(message: "\(error)")))
        }
    }
}

/// Where things lie in the checkout that this was built from.
package enum RepositoryPaths {
    /// The top of the checkout.
    package static var root: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    }
    /// The scripts.
    package static var scripts: String { root + "/scripts" }
    /// The custom resource definitions.
    package static var crds: String { root + "/crds" }
    /// The examples.
    package static var examples: String { root + "/examples" }
}
