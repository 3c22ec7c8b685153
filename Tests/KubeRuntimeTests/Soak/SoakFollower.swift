// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting

/// An informer behind a proxy, with a quick handler, a slow one, and one that comes late.
struct SoakFollower: Sendable {
    let name: String
    let namespaces: [String]
    let labelSelector: String?
    /// What the informer keeps of an object.
    let kept: @Sendable (SoakMap) -> SoakMap
    let recorders = [
        SoakRecorder("early"), SoakRecorder("slow", delay: .milliseconds(3)), SoakRecorder("late"),
    ]
    /// Follows until the task is cancelled.
    let run: @Sendable () async throws -> Void
    private let addHandler: @Sendable (SoakRecorder) throws -> Void
    private let stored: @Sendable () -> [SoakMap]

    /// Makes an informer of the objects as `view` shows them, with the handlers that are there from the start.
    init<Object: KubernetesObject>(
        _ name: String,
        _ proxy: FaultProxy,
        namespaces: [String],
        _ configuration: ReflectorConfiguration,
        view: @escaping @Sendable (Object) -> SoakMap,
        kept: @escaping @Sendable (SoakMap) -> SoakMap = { $0 }
    ) throws {
        self.name = name
        self.namespaces = namespaces
        self.kept = kept
        labelSelector = configuration.labelSelector
        var configuration = configuration
        configuration.backoff = Backoff(initial: .milliseconds(20), limit: .milliseconds(300))
        var clients: [String: KubernetesClient] = [:]
        // A name for each, so that what happens to one does not depend on what others ask for.
        for (index, namespace) in namespaces.enumerated() {
            let client = proxy.configuration(client: "\(name)-\(index)")
            clients[namespace] = try KubernetesClient(configuration: client, rateLimiter: nil)
        }
        let informer = Informer<Object>(
            namespaces: Set(namespaces),
            configuration: configuration,
            logger: .silent,
            source: { namespace in
                guard let namespace, let client = clients[namespace] else {
                    preconditionFailure("a soak follows namespaces only")
                }
                return SoakSource(
                    resources: client.resources(Object.self, of: SoakMap.apiResource, namespace: namespace)
                )
            }
        )
        run = { try await informer.run() }
        stored = { informer.store.list().map(view) }
        addHandler = { recorder in try informer.addHandler { await recorder.handle($0.map(view)) } }
        for recorder in recorders.dropLast() { try addHandler(recorder) }
    }

    func addLateHandler() throws { for recorder in recorders.suffix(1) { try addHandler(recorder) } }

    /// What is wrong with the store, or with what handlers have heard; nothing, if all is as the server has it.
    /// - Parameter truth: what the informer has to know.
    func problems(comparedWith truth: [SoakMap]) -> [String] {
        let expected = Self.byKey(truth)
        var problems = Self.differences(Self.byKey(stored()), expected).map { "store of \(name): \($0)" }
        for recorder in recorders {
            let history = recorder.history
            let found = history.violations + Self.differences(history.present, expected)
            problems += found.map { "\(recorder.name) handler of \(name): \($0)" }
        }
        return problems
    }

    static func byKey(_ objects: [SoakMap]) -> [ObjectKey: SoakMap] {
        Dictionary(objects.map { (ObjectKey($0), $0) }) { first, _ in first }
    }

    private static func differences(_ found: [ObjectKey: SoakMap], _ expected: [ObjectKey: SoakMap]) -> [String] {
        Set(found.keys).union(expected.keys).sorted().compactMap { key in
            switch (found[key], expected[key]) {
            case (nil, _): "\(key) is missing"
            case (_, nil): "\(key) is a ghost"
            case (let found, let expected) where found != expected:
                "\(key) is at version \(version(of: found)), not at \(version(of: expected))"
            default: nil
            }
        }
    }

    private static func version(of object: SoakMap?) -> String { object?.metadata.resourceVersion ?? "?" }
}
