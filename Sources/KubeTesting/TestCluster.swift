// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeAPI
public import KubeClient
import Subprocess
import Synchronization

/// A real Kubernetes for tests.
///
/// Most tests share one control plane and keep apart by namespaces:
///
/// ```swift
/// let cluster = try await TestCluster.shared()
/// let namespace = try await cluster.makeNamespace()
/// ```
///
/// The first call starts it, which takes some seconds; everything is gone when the process ends, however it ends.
public final class TestCluster: Sendable {
    /// What a cluster is made of.
    public struct Configuration: Sendable, Hashable {
        /// Whether kube-controller-manager runs: it makes replica sets, service accounts, and collects garbage.
        public var hasControllerManager: Bool
        /// Whether there is a real node, so that pods run.
        ///
        /// Needs root.
        public var hasNode: Bool

        /// Creates a configuration; the default is a control plane with kube-controller-manager.
        public init(hasControllerManager: Bool = true, hasNode: Bool = false) {
            self.hasControllerManager = hasControllerManager
            self.hasNode = hasNode
        }
    }

    /// Each has an API server and an etcd: more at once make all of them, and the tests, slower than a queue.
    private static let turns = Turns(atOnce: 2)
    private static let sharedStart = Mutex<Task<TestCluster, any Error>?>(nil)

    /// What the cluster is made of.
    public let configuration: Configuration
    /// The kubeconfig file of the cluster's administrator.
    public let kubeconfig: String
    /// A client with the administrator's rights.
    public let client: KubernetesClient
    private let kubernetes: LocalKubernetes

    private init(_ configuration: Configuration, kubernetes: LocalKubernetes) throws {
        self.configuration = configuration
        self.kubernetes = kubernetes
        self.kubeconfig = kubernetes.kubeconfig
        var configuration = try ClientConfiguration.load(kubeconfig: kubernetes.kubeconfig)
        // A machine that does too much at once is no reason for a test to fail.
        configuration.connectTimeout = .seconds(60)
        // Tests that run at the same time must not wait for one another.
        self.client = try KubernetesClient(configuration: configuration, rateLimiter: nil)
    }

    /// The control plane that all tests of this process share.
    /// - Throws: ``TestClusterError`` with what the start printed.
    public static func shared() async throws -> TestCluster {
        let start = sharedStart.withLock { start in
            if let start { return start }
            let new = Task.detached { try await TestCluster.start() }
            start = new
            return new
        }
        return try await start.value
    }

    /// Starts a cluster for one test, and takes it down when the test is done with it, however it ends.
    ///
    /// Two tests of a process at a time have one; the others wait, which counts for their time limits.
    /// - Throws: ``TestClusterError`` with what the start printed, `CancellationError`, and what the body throws.
    public static func withOwn<Result>(
        _ configuration: Configuration = Configuration(),
        _ body: nonisolated(nonsending) (TestCluster) async throws -> Result
    ) async throws -> Result {
        try await turns.take {
            let cluster = try await start(configuration)
            do {
                let result = try await body(cluster)
                await cluster.stop()
                return result
            } catch {
                await cluster.stop()
                throw error
            }
        }
    }

    /// Starts a cluster of its own; the caller stops it.
    /// - Throws: ``TestClusterError`` with what the start printed.
    public static func start(_ configuration: Configuration = Configuration()) async throws -> TestCluster {
        var arguments: [String] = []
        if !configuration.hasControllerManager { arguments.append("--no-controller-manager") }
        if configuration.hasNode { arguments.append("--node") }
        return try TestCluster(configuration, kubernetes: try await LocalKubernetes.start(arguments: arguments))
    }

    /// Takes the cluster down and waits until it is gone.
    public func stop() async { await kubernetes.stop() }

    /// Creates a namespace that no other test has, and returns its name.
    public func makeNamespace(_ prefix: String = "test") async throws -> String {
        let name = "\(prefix)-\(UUID().uuidString.lowercased().prefix(8))"
        _ = try await client.resources(Namespace.self).create(Namespace(metadata: ObjectMeta(name: name)))
        return name
    }

    /// Creates a namespace unless another test has been faster.
    package func ensureNamespace(_ name: String) async throws {
        do throws(KubeError) {
            _ = try await client.resources(Namespace.self).create(Namespace(metadata: ObjectMeta(name: name)))
        } catch {
            guard error.code == .alreadyExists else { throw error }
        }
    }

    /// Runs kubectl against the cluster and returns what it printed.
    /// - Throws: ``TestClusterError`` with kubectl's words if it fails.
    @discardableResult
    public func kubectl(_ arguments: String..., input: String = "") async throws -> String {
        let result = try await Subprocess.run(
            .name("kubectl"),
            arguments: Arguments(["--kubeconfig", kubeconfig] + arguments),
            input: .string(input),
            output: .string(limit: 64 << 20),
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw TestClusterError(
                message: "kubectl \(arguments.joined(separator: " ")): \(result.standardError)"
            )
        }
        return result.standardOutput
    }

    /// Installs custom resource definitions and waits until the server serves them.
    /// - Parameter path: a file, or a directory of files.
    /// - Throws: ``TestClusterError`` with kubectl's words if it fails.
    public func installDefinitions(from path: String) async throws {
        let applied = try await kubectl("apply", "--server-side", "--force-conflicts", "-o", "name", "-f", path)
        // "kubectl wait" fails where a definition has no status yet.
        for definition in applied.split(separator: "\n") {
            guard let name = definition.split(separator: "/").last else { continue }
            try await waitUntilEstablished(String(name))
        }
    }

    /// Waits until the server serves what a definition defines.
    package func waitUntilEstablished(_ definition: String) async throws {
        _ = try await client.resources(CustomResourceDefinition.self)
            .wait(for: definition) { $0.conditions["Established"]?.status == .true }
    }

    /// Installs this repository's own custom resource definitions.
    package func installDefinitions() async throws { try await installDefinitions(from: RepositoryPaths.crds) }
}

/// Why a cluster could not be started or asked.
public struct TestClusterError: Error, Sendable, CustomStringConvertible {
    /// What happened, with the words of the program that failed.
    public var message: String

    /// Creates an error.
    public init(message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}
