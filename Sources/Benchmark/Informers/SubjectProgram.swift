// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

#if canImport(Glibc)
import Glibc
#endif

/// What this program does when it is started again to be measured.
///
/// `Benchmarks/reference/main.go` does the same with client-go and takes the same arguments.
enum SubjectProgram {
    /// The first argument that makes the program a subject.
    static let argument = "--subject"
    private static let logger = Logger(label: "benchmark")

    static func run(_ arguments: [String]) async throws {
        guard arguments.count == 3, let content = arguments.last else {
            throw BenchmarkError(message: "a subject is told what to do, with which kubeconfig, and a choice")
        }
        ProcessMemory.favorReturning()
        let client = try KubernetesClient(
            configuration: .load(kubeconfig: arguments[1]),
            rateLimiter: nil
        )
        switch arguments[0] {
        case "sync": try await sync(client, content)
        case "follow": try await follow(client, count: Int(content) ?? 0)
        case "informers": try await informers(client, count: Int(content) ?? 0)
        default: throw BenchmarkError(message: "a subject does not know '\(arguments[0])'")
        }
    }

    // MARK: sync

    private static func sync(_ client: KubernetesClient, _ content: String) async throws {
        switch content {
        case "tree": try await sync(client.resources(DynamicObject.self, of: Pod.apiResource))
        case "text": try await sync(client.resources(RawObject.self, of: Pod.apiResource))
        case "pod": try await sync(client.resources(Pod.self))
        case "projection": try await sync(client.resources(PodState.self, of: Pod.apiResource))
        case "metadata": try await sync(client.resources(PartialObjectMetadata.self, of: Pod.apiResource))
        default: throw BenchmarkError(message: "a subject does not know '\(content)'")
        }
    }

    /// Follows all pods; each line of input makes it list them again.
    private static func sync<Object: KubernetesObject>(_ pods: ResourceClient<Object>) async throws {
        let (expirations, expire) = AsyncStream.makeStream(of: Void.self)
        let (lists, listed) = AsyncStream.makeStream(of: Int.self)
        let informer = Informer(
            ExpiringSource(client: pods, expirations: expirations),
            logger: logger,
            afterReplace: { count in
                Informer<Object>.returnMemoryOfLargeList(count)
                listed.yield(count)
            }
        )
        var counts = lists.makeAsyncIterator()
        let start = ContinuousClock.now
        let running = Task { try await informer.run() }
        try await informer.waitForSync()
        let time = start.duration(to: .now)
        _ = await counts.next()
        say("synced \(time.milliseconds) \(informer.store.count)")
        for await _ in input {
            expire.yield()
            say("relisted \(await counts.next() ?? 0)")
        }
        running.cancel()
        _ = await running.result
    }

    // MARK: follow

    private static func follow(_ client: KubernetesClient, count: Int) async throws {
        let informer = Informer(client.resources(ConfigMap.self, namespace: "bench"), logger: logger)
        let meter = LatencyMeter(count: count)
        try informer.addHandler { event in
            switch event {
            case .added(let object, _), .updated(_, let object):
                if let result = await meter.received(object.data["written"]) { say("followed \(result)") }
            case .deleted: break
            }
        }
        let running = Task { try await informer.run() }
        try await informer.waitForSync()
        say("synced 0 \(informer.store.count)")
        await endOfInput()
        running.cancel()
        _ = await running.result
    }

    // MARK: informers

    private static func informers(_ client: KubernetesClient, count: Int) async throws {
        let factory = SharedInformerFactory(client: client, namespaces: ["bench"], logger: logger)
        let start = ContinuousClock.now
        let running = Task { try await factory.run() }
        for index in 0..<count { _ = try factory.informer(for: ConfigMap.self, labelSelector: "group=\(index)") }
        try await factory.waitForSync()
        say("synced \(start.duration(to: .now).milliseconds) \(factory.count)")
        await endOfInput()
        running.cancel()
        _ = await running.result
    }

    private static func say(_ line: String) {
        print(line)
        // A pipe is not a terminal: the line would wait for more of its kind.
        fflush(nil)
    }

    private static func endOfInput() async {
        for await _ in input {}
    }

    /// The lines of the input.
    ///
    /// They are waited for on a thread of its own: the informers need those of the pool.
    private static var input: AsyncStream<String> {
        AsyncStream { continuation in
            DispatchQueue(label: "input").async {
                while let line = readLine() { continuation.yield(line) }
                continuation.finish()
            }
        }
    }
}
