// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@testable import KubeRuntime

/// What a client without patience sees of each fault, on a real API server.
@Suite("One request to a server that fails", .timeLimit(.minutes(5)))
struct FaultProxyTests {
    /// A namespace with five ConfigMaps.
    private struct Scene {
        /// The ConfigMaps, through the proxy and past it.
        var maps: ResourceClient<SoakMap>
        var directly: ResourceClient<SoakMap>
        /// The version from before they came, and the one with all of them.
        var start = ""
        var end = ""
        var proxy: FaultProxy
    }

    private static let selector = "\(SoakWriter.label)=\(SoakWriter.selected)"

    /// Sets up a proxy that lets the first request of a kind meet a fault: a watch after two events, an answer halfway.
    private func scene(_ fault: Fault, _ kind: FaultProxy.RequestKind) async throws -> Scene {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace("fault")
        let maps = cluster.client.resources(SoakMap.self, namespace: namespace)
        let start = try await maps.list(ListOptions(labelSelector: Self.selector)).metadata.resourceVersion
        for name in ["a", "b", "c", "d", "e"] {
            _ = try await maps.create(SoakMap(name, labels: [SoakWriter.label: SoakWriter.selected]))
        }
        let schedule = FaultSchedule(seed: 1, faults: [fault], rate: 1)
        let name = try #require(
            (0..<1000).lazy.map { "client-\($0)" }.first { name in
                let plan = schedule.plan(for: kind, number: 0, client: name)
                return plan.map { $0.eventCount == 2 && (0.3..<0.7).contains($0.share) } ?? false
            }
        )
        let proxy = try FaultProxy(to: cluster, schedule: schedule)
        var configuration = proxy.configuration(client: name)
        configuration.transport.retries = .none
        let client = try KubernetesClient(configuration: configuration, rateLimiter: nil)
        let end = try await maps.list(ListOptions(labelSelector: Self.selector)).metadata.resourceVersion
        return Scene(
            maps: client.resources(SoakMap.self, namespace: namespace),
            directly: maps,
            start: start ?? "",
            end: end ?? "",
            proxy: proxy
        )
    }

    /// The outcome in a word or two: of what the operation returns, or of its error.
    private func outcome(
        of fault: Fault,
        _ operation: @escaping @Sendable () async throws -> String
    ) async -> String {
        // A watch that has gone silent is noticed by the client itself, after 6 s.
        let patience = fault.isSilent && fault != .stalledWatch ? Duration.seconds(2) : .seconds(30)
        do {
            return try await impatiently(patience, operation)
        } catch {
            let pause = error.retryAfter.map { " after \($0)" } ?? ""
            return "\(error.code)\(pause)\(error.isOutcomeUnknown ? ", perhaps done" : "")"
        }
    }

    private static let refusals: [Fault: String] = [
        .resetBeforeAnswer: "connection", .unansweredRequest: "deadlineExceeded", .tooManyRequests: "tooManyRequests",
        .tooManyRequestsWithRetryAfter: "tooManyRequests after 1.0 seconds", .internalServerError: "internalError",
        .serviceUnavailable: "unavailable", .gatewayTimeout: "serverTimeout", .resetAfterHeader: "connection",
    ]

    private static let answers: [Fault: String] = refusals.merging([
        .lateAnswer: "a b c d e", .resetInAnswer: "connection", .truncatedAnswer: "decoding",
        .stalledAnswer: "deadlineExceeded", .garbageListVersion: "a b c d e at not-a-version",
        .expiredList: "expired", .expiredPage: "expired",
        .tooLargeResourceVersion: "resourceVersionTooLarge after 1.0 seconds",
    ]) { $1 }

    @Test(
        "given a fault, when a collection is listed, then the client gets what the fault is",
        arguments: Fault.allCases.filter { $0.requests.contains(.list) }
    )
    func list(_ fault: Fault) async throws {
        let scene = try await scene(fault, .list)
        defer { scene.proxy.stop() }
        let options = ListOptions(labelSelector: Self.selector, resourceVersion: scene.end)
        let outcome = await outcome(of: fault) { Self.describe(try await scene.maps.list(options)) }
        #expect(outcome == Self.answers[fault])
        #expect(scene.proxy.statistics.faults == [fault: 1])
    }

    @Test(
        "given a fault, when a later page is asked for, then the client gets what the fault is",
        arguments: Fault.allCases.filter { $0.requests.contains(.page) }
    )
    func page(_ fault: Fault) async throws {
        let scene = try await scene(fault, .page)
        defer { scene.proxy.stop() }
        let first = try await scene.directly.list(ListOptions(labelSelector: Self.selector, limit: 2))
        let options = ListOptions(labelSelector: Self.selector, continueToken: first.metadata.continueToken)
        let outcome = await outcome(of: fault) { Self.describe(try await scene.maps.list(options)) }
        #expect(outcome == Self.answers[fault]?.replacing("a b c d e", with: "c d e"))
        #expect(scene.proxy.statistics.faults == [fault: 1])
    }

    @Test(
        "given a fault, when an object is created, then the client knows whether that may have taken effect",
        arguments: Fault.allCases.filter { $0.requests.contains(.write) }
    )
    func write(_ fault: Fault) async throws {
        let scene = try await scene(fault, .write)
        defer { scene.proxy.stop() }
        let outcome = await outcome(of: fault) { try await scene.maps.create(SoakMap("f")).metadata.name }
        let isCertain = Self.refusals[fault] != "connection"
        #expect(outcome == (Self.refusals[fault] ?? "f") + (isCertain ? "" : ", perhaps done"))
        #expect(scene.proxy.statistics.faults == [fault: 1])
        let isThere = try await scene.directly.list().items.contains { $0.metadata.name == "f" }
        #expect(isThere == [.lateAnswer, .resetAfterHeader].contains(fault))
    }

    private static let watches: [Fault: String] = refusals.merging([
        .lateAnswer: "a b c d e end", .resetAfterHeader: "connection", .expiredWatch: "expired",
        .tooLargeResourceVersion: "resourceVersionTooLarge after 1.0 seconds", .emptyWatch: "end",
        .closedWatch: "a b end", .resetInWatch: "a b connection", .truncatedEvent: "a b connection",
        .stalledWatch: "a b connection", .expiredEvent: "a b 410 end", .internalErrorEvent: "a b 500 end",
        .tooManyRequestsEvent: "a b 429 end", .tooLargeResourceVersionEvent: "a b 504 end",
        .lateEvents: "a b c d e end", .unparsableEvent: "a b decoding", .oversizedEvent: "a b tooLarge",
        .duplicatedEvent: "a b c c d e end", .staleEvent: "a b c b d e end",
        .garbageBookmark: "a b *not-a-version c d e end", .futureBookmark: "a b *4000000000000 c d e end",
    ]) { $1 }

    @Test(
        "given a fault, when a collection is watched, then the client gets what the fault is, and what came before it",
        arguments: Fault.allCases.filter { $0.requests.contains(.watch) }
    )
    func watch(_ fault: Fault) async throws {
        let scene = try await scene(fault, .watch)
        defer { scene.proxy.stop() }
        let options = WatchOptions(
            labelSelector: Self.selector,
            resourceVersion: scene.start,
            allowsBookmarks: false,
            timeoutSeconds: 1
        )
        let outcome = await outcome(of: fault) {
            var events: [String] = []
            do throws(KubeError) {
                var stream = try await scene.maps.watch(options).makeAsyncIterator()
                while let event = try await stream.next(isolation: nil) { events.append(Self.describe(event)) }
                events.append("end")
            } catch {
                guard !events.isEmpty else { throw error }
                events.append("\(error.code)")
            }
            return events.joined(separator: " ")
        }
        #expect(outcome == Self.watches[fault])
        #expect(scene.proxy.statistics.faults == [fault: 1])
    }

    private static func describe(_ list: ResourceList<SoakMap>) -> String {
        let version = list.metadata.resourceVersion ?? ""
        let names = list.items.map(\.metadata.name).sorted().joined(separator: " ")
        return version.allSatisfy(\.isNumber) ? names : "\(names) at \(version)"
    }

    private static func describe(_ event: WatchEvent<SoakMap>) -> String {
        switch event {
        case .added(let map), .modified(let map), .deleted(let map): map.metadata.name
        case .bookmark(let bookmark): "*\(bookmark.resourceVersion)"
        case .error(let status): "\(status.code)"
        }
    }
}
