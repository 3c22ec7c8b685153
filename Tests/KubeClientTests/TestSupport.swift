// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeAPI
import KubeClient
import KubeTesting
import Synchronization
import Testing

/// What a scripted server does with each request.
struct Script: Sendable {
    let answer: @Sendable (ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step]

    init(_ answer: @escaping @Sendable (ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Step]) {
        self.answer = answer
    }
}

extension TransportConfiguration {
    /// Every failure is final, so that a test sees the first one.
    static var withoutRetries: TransportConfiguration {
        var transport = TransportConfiguration()
        transport.retries = .none
        return transport
    }

    /// Retries without long waits.
    static var withQuickRetries: TransportConfiguration {
        var transport = TransportConfiguration()
        transport.retries.initialDelay = .milliseconds(1)
        return transport
    }
}

/// Runs a test with a scripted server and a client that talks to it.
func withServer<Value>(
    transport: TransportConfiguration = .withoutRetries,
    credentials: ClientConfiguration.Credentials = .none,
    answering script: Script,
    _ body: (ScriptedHTTPServer, KubernetesClient) async throws -> Value
) async throws -> Value {
    let server = try ScriptedHTTPServer(script.answer)
    defer { server.stop() }
    var configuration = ClientConfiguration(server: server.url, credentials: credentials)
    configuration.transport = transport
    return try await body(server, try KubernetesClient(configuration: configuration))
}

/// The error of a call that has to fail.
func failure<Value>(
    _ sourceLocation: SourceLocation = #_sourceLocation,
    of call: () async throws(KubeError) -> Value
) async throws -> KubeError {
    do throws(KubeError) {
        let value = try await call()
        Issue.record("the call gave \(value) instead of an error", sourceLocation: sourceLocation)
        throw KubeError(code: .unexpectedResponse, message: "no error")
    } catch {
        return error
    }
}

extension WatchStream {
    /// Everything that a watch gives, and how it ends: nil if in good order.
    func collect() async -> (events: [WatchEvent<Object>], end: KubeError?) {
        var events: [WatchEvent<Object>] = []
        var iterator = makeAsyncIterator()
        do throws(KubeError) {
            while let event = try await iterator.next() { events.append(event) }
            return (events, nil)
        } catch {
            return (events, error)
        }
    }
}

/// A directory that goes with the test.
struct TemporaryFiles: ~Copyable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/kube-client-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ name: String, _ content: String) throws -> String {
        try content.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        return "\(path)/\(name)"
    }
}

/// Something that a test says to its server.
final class Flag: Sendable {
    private let state = Atomic(false)

    var isSet: Bool { state.load(ordering: .acquiring) }

    func set() { state.store(true, ordering: .releasing) }
}
