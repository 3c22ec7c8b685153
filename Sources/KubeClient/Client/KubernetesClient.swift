// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubeAPI

/// A connection to one API server.
///
/// All calls of a client share one thread and, over HTTP/2, as few connections as the server allows; so do its streams
/// (watches and logs that are followed), on another thread that starts with the first of them. A client is cheap to
/// share and expensive to make: keep one for each server. It ends when it is let go of; requests that are still on
/// their way then fail with ``KubeError/Code/cancelled``.
public final class KubernetesClient: Sendable {
    /// How the server is reached.
    public let configuration: ClientConfiguration
    /// How many requests may be made in a time; nil for no limit.
    public let rateLimiter: RequestRateLimiter?
    let loops: CurlLoops
    private let credentials: ClientCredentials
    private let host: String

    /// Creates a client.
    ///
    /// Nothing is sent until the first request.
    /// - Parameters:
    ///   - configuration: the server, and who the client is.
    ///   - rateLimiter: how many requests may be made in a time. Pass the same one to all clients of a process to
    ///     limit them together; nil for no limit.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration`` if the network thread cannot be started.
    public convenience init(
        configuration: ClientConfiguration,
        rateLimiter: RequestRateLimiter? = RequestRateLimiter()
    ) throws(KubeError) {
        self.init(configuration, rateLimiter, try CurlLoops(), ClientCredentials(configuration))
    }

    private init(
        _ configuration: ClientConfiguration,
        _ rateLimiter: RequestRateLimiter?,
        _ loops: CurlLoops,
        _ credentials: ClientCredentials
    ) {
        self.configuration = configuration
        self.rateLimiter = rateLimiter
        self.loops = loops
        self.credentials = credentials
        host = configuration.host
    }

    /// A client with the same threads and connections, but another limit of its requests.
    ///
    /// For what must not stand in line behind everything else, such as the renewal of a lease.
    public func limited(by rateLimiter: RequestRateLimiter?) -> KubernetesClient {
        KubernetesClient(configuration, rateLimiter, loops, credentials)
    }

    /// A client with the same threads and connections that tries requests again by another policy.
    ///
    /// For what decides itself when to try again, and ``RetryPolicy/none`` then.
    public func retrying(by policy: RetryPolicy) -> KubernetesClient {
        var configuration = configuration
        configuration.transport.retries = policy
        return KubernetesClient(configuration, rateLimiter, loops, credentials)
    }

    /// For how long one of the client's threads has not come to what it was given; zero if both have.
    ///
    /// This is what a liveness probe can ask. A server that is away or does not answer keeps no thread from its work,
    /// so this stays at milliseconds then; only a thread that hangs comes to seconds. Each call wakes the threads: the
    /// one after it tells of threads that had nothing to do.
    public func networkDelay() -> Duration { loops.delay() }

    /// Objects of a kind that has a Swift type.
    /// - Parameters:
    ///   - type: the Swift type.
    ///   - namespace: the namespace; nil for all of them.
    public func resources<Object: Resource>(
        _ type: Object.Type = Object.self,
        namespace: String? = nil
    ) -> ResourceClient<Object> {
        ResourceClient(client: self, resource: Object.apiResource, namespace: namespace)
    }

    /// Objects of any kind, read as the given type; `DynamicObject` fits all.
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
            throw request.undecodable(error)
        }
    }

    func sendRaw(_ request: Request) async throws(KubeError) -> [UInt8] {
        try await retrying(request, while: true) { attempt throws(KubeError) in
            try await credentials.attempt { configuration throws(KubeError) in try await call(attempt, configuration) }
        }
    }

    /// Sends a request and passes the body of the answer on while it arrives.
    /// - Parameter receive: takes a piece. Once it has been called, the request is not tried again: the next answer need
    ///   not begin as this one did.
    func sendInPieces(
        _ request: Request,
        _ receive: ([UInt8]) throws(KubeError) -> Void
    ) async throws(KubeError) {
        var isUntouched = true
        try await retrying(request, while: isUntouched) { attempt throws(KubeError) in
            try await credentials.attempt { configuration throws(KubeError) in
                try await callInPieces(attempt, configuration) { piece throws(KubeError) in
                    isUntouched = false
                    try receive(piece)
                }
            }
        }
    }

    private func retrying<Answer: Sendable>(
        _ request: Request,
        while isRepeatable: @autoclosure () -> Bool,
        _ send: (Request) async throws(KubeError) -> Answer
    ) async throws(KubeError) -> Answer {
        try await rateLimiter?.acquire()
        let start = ContinuousClock.now
        defer { configuration.metrics?.callEnded(request.method.rawValue, host: host, after: .now - start) }
        var machine = RetryStateMachine(
            policy: request.retries ?? configuration.transport.retries,
            method: request.method,
            timeout: request.timeout
        )
        let span = RequestSpan(configuration, request)
        var attempt = request
        attempt.traceHeader = span?.header
        var tries = 1
        do throws(KubeError) {
            while true {
                do throws(KubeError) {
                    let answer = try await send(attempt)
                    span?.end(tries: tries)
                    return answer
                } catch {
                    guard isRepeatable() else { throw error }
                    let action = machine.failed(error, elapsed: .now - start, random: .random(in: 0..<1))
                    guard case .retry(let delay) = action else {
                        guard case .fail(let described) = action else { throw error }
                        throw described
                    }
                    do { try await Task.sleep(for: delay) } catch { throw .cancelledRequest }
                    try await rateLimiter?.acquire()
                    attempt.timeout = machine.remainingTime(elapsed: .now - start)
                    tries += 1
                }
            }
        } catch {
            span?.end(error, tries: tries)
            throw error
        }
    }

    private func callInPieces(
        _ request: Request,
        _ configuration: ClientConfiguration,
        _ receive: ([UInt8]) throws(KubeError) -> Void
    ) async throws(KubeError) {
        let sink = PieceSink(maximumBytes: configuration.transport.maximumAnswerBytes)
        let transfer = Transfer(request: request, configuration: configuration, sink: sink)
        let outcome: Result<Void, KubeError> = await run(transfer, on: loops.calls) {
            var refusal: [UInt8] = []
            do throws(KubeError) {
                while let piece = try await sink.next() {
                    if sink.head.isSuccess { try receive(piece) } else { refusal += piece }
                }
            } catch {
                // Nobody reads the rest, if there is one.
                loops.calls.post(.cancel(transfer))
                return .failure(error)
            }
            guard sink.head.isSuccess else {
                return .failure(transfer.withoutSecrets(KubeError(sink.head, refusal, to: request)))
            }
            return .success(())
        }
        try outcome.get()
    }

    private func call(_ request: Request, _ configuration: ClientConfiguration) async throws(KubeError) -> [UInt8] {
        let sink = CallSink(maximumBytes: configuration.transport.maximumAnswerBytes)
        let transfer = Transfer(request: request, configuration: configuration, sink: sink)
        let response: CallSink.Response
        switch await run(transfer, on: loops.calls, { await sink.response() }) {
        case .success(let answer):
            count(request, answer.head.status)
            response = answer
        case .failure(var error):
            count(request, nil)
            error.isOutcomeUnknown = request.method != .get && transfer.wasSent
            if error.isOutcomeUnknown {
                error.message += "; whether \(request.method.rawValue) \(request.shownPath) took effect is unknown"
            }
            throw error
        }
        guard response.head.isSuccess else {
            throw transfer.withoutSecrets(KubeError(response.head, response.body, to: request))
        }
        return response.body
    }

    /// Opens a stream of lines; it is never tried again here.
    func stream(_ request: Request, _ content: LineSink.Content) async throws(KubeError) -> LineStream {
        try await rateLimiter?.acquire()
        return try await credentials.attempt { configuration throws(KubeError) in
            try await open(request, content, configuration)
        }
    }

    private func open(
        _ request: Request,
        _ content: LineSink.Content,
        _ configuration: ClientConfiguration
    ) async throws(KubeError) -> LineStream {
        let loop = try loops.streams()
        let sink = LineSink(content, configuration.transport)
        let transfer = Transfer(request: request, configuration: configuration, sink: sink)
        let opening = await run(transfer, on: loop) { await sink.opening() }
        switch opening {
        case .success(.accepted): count(request, 200)
        case .success(.refused(let head, _)): count(request, head.status)
        case .failure: count(request, nil)
        }
        switch try opening.get() {
        case .accepted:
            return LineStream(lifetime: .init(sink: sink, transfer: transfer, loop: loop))
        case .refused(let head, let body):
            throw transfer.withoutSecrets(KubeError(head, body, to: request))
        }
    }

    private func count(_ request: Request, _ status: Int?) {
        configuration.metrics?.requestEnded(request.method.rawValue, host: host, status: status)
    }

    private func run<Value: Sendable>(
        _ transfer: Transfer,
        on loop: CurlLoop,
        _ wait: () async -> Value
    ) async -> Value {
        await withTaskCancellationHandler {
            if Task.isCancelled || !loop.post(.start(transfer)) { transfer.finish(.failure(.cancelledRequest)) }
            return await wait()
        } onCancel: {
            loop.post(.cancel(transfer))
        }
    }
}
