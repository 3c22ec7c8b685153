// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Subprocess

extension TestCluster {
    /// A part of the control plane that can be killed.
    public enum Component: String, Sendable, Hashable, CaseIterable {
        /// The store.
        case etcd
        /// The API server.
        case apiServer = "kube-apiserver"
    }

    /// Kills a component without warning (SIGKILL), starts it again and waits until the API answers.
    ///
    /// What etcd has acknowledged is there afterwards. Not for the cluster that tests share: they would notice. At
    /// most a minute passes.
    /// - Throws: ``TestClusterError`` with what the script said.
    public func restart(_ component: Component) async throws { try await disturb("restart", component.rawValue) }

    /// Lets etcd forget all revisions but the newest.
    ///
    /// Lists and watches from older versions, and the rest of lists that are read page by page, then fail with 410:
    /// those that the API server answers from its cache only after it was restarted too.
    /// - Throws: ``TestClusterError`` with what the script said.
    public func compactStorage() async throws { try await disturb("compact") }

    private func disturb(_ command: String, _ arguments: String...) async throws {
        let directory = kubeconfig.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let result = try await Subprocess.run(
            .name("bash"),
            arguments: Arguments(
                [RepositoryPaths.scripts + "/local-kubernetes", command, "--dir", directory.joined(separator: "/")]
                    + arguments
            ),
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw TestClusterError(message: "\(command) \(arguments.joined()): \(result.standardError)")
        }
    }
}
