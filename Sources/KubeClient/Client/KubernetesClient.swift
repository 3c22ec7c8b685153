// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubeAPI

/// A connection to one API server.
///
/// All requests of a client share one thread and, over HTTP/2, as few connections as the server allows. A client is
/// cheap to share and expensive to make: keep one for each server. It ends when it is let go of; requests that are
/// still on their way then fail with ``KubeError/Code/cancelled``.
public final class KubernetesClient: Sendable {
    /// How the server is reached.
    public let configuration: ClientConfiguration
    private let loop: CurlLoop
    private let credentials: ClientCredentials

    /// Creates a client.
    ///
    /// Nothing is sent until the first request.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration`` if the network thread cannot be started.
    public init(configuration: ClientConfiguration) throws(KubeError) {
        self.configuration = configuration
        self.loop = try CurlLoop()
        self.credentials = ClientCredentials(configuration)
    }

    deinit { loop.post(.stop) }

    /// Objects of a kind that has a Swift type.
    /// - Parameter namespace: the namespace; nil for all of them.
    public func resources<Object: Resource>(
        _ type: Object.Type = Object.self,
        namespace: String? = nil
    ) -> ResourceClient<Object> {
        ResourceClient(client: self, resource: Object.apiResource, namespace: namespace)
    }

    /// Objects of any kind, read as the given type; ``DynamicObject`` fits all.
    public func resources<Object: KubernetesObject>(
        _ type: Object.Type,
        of resource: APIResource,
        namespace: String? = nil
    ) -> ResourceClient<Object> {
        ResourceClient(client: self, resource: resource, namespace: namespace)
    }

    /// Reads whatever a path of the server answers, such as `/version` or `/readyz`.
    public func get(path: String) async throws(KubeError) -> [UInt8] {
        var request = Request(method: .get, path: path)
        request.accept = "application/json, */*"
        return try await sendRaw(request)
    }

    func send<Answer: JSONDecodable>(_ request: Request) async throws(KubeError) -> Answer {
        let body = try await sendRaw(request)
        do {
            return try JSON.decode(Answer.self, from: body)
        } catch {
            throw KubeError(
                code: .decoding,
                message: "the answer to \(request.method.rawValue) \(request.path) cannot be understood: \(error)",
                cause: error
            )
        }
    }

    func sendRaw(_ request: Request) async throws(KubeError) -> [UInt8] {
        try await credentials.attempt { configuration throws(KubeError) in try await call(request, configuration) }
    }

    private func call(_ request: Request, _ configuration: ClientConfiguration) async throws(KubeError) -> [UInt8] {
        let sink = CallSink()
        let transfer = Transfer(request: request, configuration: configuration, sink: sink)
        let result = await run(transfer) { await sink.response() }
        let response = try result.get()
        guard (200..<300).contains(response.head.status) else {
            throw transfer.withoutSecrets(Self.failure(response.head, response.body, request))
        }
        return response.body
    }

    func stream(_ request: Request) async throws(KubeError) -> LineStream {
        try await credentials.attempt { configuration throws(KubeError) in try await open(request, configuration) }
    }

    private func open(_ request: Request, _ configuration: ClientConfiguration) async throws(KubeError) -> LineStream {
        let sink = LineSink()
        let transfer = Transfer(request: request, configuration: configuration, sink: sink)
        let opening = await run(transfer) { await sink.opening() }
        switch try opening.get() {
        case .accepted:
            return LineStream(lifetime: .init(sink: sink, transfer: transfer, loop: loop))
        case .refused(let head, let body):
            throw transfer.withoutSecrets(Self.failure(head, body, request))
        }
    }

    private func run<Value: Sendable>(_ transfer: Transfer, _ wait: () async -> Value) async -> Value {
        await withTaskCancellationHandler {
            if Task.isCancelled || !loop.post(.start(transfer)) { transfer.finish(.failure(.cancelledRequest)) }
            return await wait()
        } onCancel: {
            loop.post(.cancel(transfer))
        }
    }

    private static func failure(_ head: ResponseHead, _ body: [UInt8], _ request: Request) -> KubeError {
        var status = (try? JSON.decode(Status.self, from: body)) ?? Status()
        if status.code == 0 { status.code = head.status }
        if status.message.isEmpty {
            // What is not a Status is a proxy's page or plain text; its beginning is usually the point.
            let words = String(decoding: body.prefix(300), as: UTF8.self)
            status.message =
                "\(request.method.rawValue) \(request.path) was answered with \(head.status)"
                + (words.isEmpty ? "" : ": \(words)")
        }
        var error = KubeError(status: status)
        error.retryAfter = head.retryAfter ?? error.retryAfter
        return error
    }
}
