// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
import KubeClient
public import Logging
public import ServiceLifecycle
import Synchronization

/// Tells people what a controller does, as Kubernetes Events that `kubectl describe` shows.
///
/// Recording never waits: events are written in the background, and where the API server is slower than what happens,
/// the newest are dropped and counted. What happens again raises the count of the event that is there; many similar
/// events of one object are combined; an object that causes more than 25 writes in a row is slowed down.
///
/// ```swift
/// let events = EventRecorder(sink: client, component: "web-controller", logger: logger)
/// events.record(.normal, reason: "Scaled", message: "scaled to 3 replicas", about: web)
/// ```
public final class EventRecorder: ServiceLifecycle.Service {
    /// How much attention an event wants.
    public enum Severity: String, Sendable, Hashable {
        /// It is as it should be.
        case normal = "Normal"
        /// Somebody should look.
        case warning = "Warning"
    }

    private struct State {
        var pending: [EventCorrelator.Occurrence: EventCorrelator.Tally] = [:]
        var droppedCount = 0
        /// What was being written when the service was told to stop.
        var unfinished: EventCorrelator.Write?
        var correlator: EventCorrelator
    }

    private let sink: any EventSink
    private let capacity: Int
    private let clock: AnyClock
    private let wallClock: @Sendable () -> Timestamp
    private let random: RandomSource
    private let logger: Logger
    private let queue: WorkQueue<EventCorrelator.Occurrence>
    private let state: Mutex<State>

    /// How long is tried to write what is left when the service stops.
    private static let flushTimeout = Duration.seconds(5)
    private static let maximumTries = 12
    private static let retryDelay = Duration.seconds(10)

    /// Creates a recorder that is not running yet.
    ///
    /// Events that are recorded before it runs are kept.
    /// - Parameters:
    ///   - sink: where events are written, such as a `KubernetesClient`.
    ///   - component: names the controller in the events, such as `web-controller`.
    ///   - instance: names this process in the events, such as the pod's name.
    ///   - capacity: how many different events may wait to be written.
    ///   - clock: what delays are measured with.
    ///   - wallClock: the time of day that stands in the events.
    ///   - random: where jitter comes from.
    ///   - logger: gets a message for each event that could not be written.
    public init(
        sink: some EventSink,
        component: String,
        instance: String = "",
        capacity: Int = 1000,
        clock: AnyClock = .continuous,
        wallClock: @escaping @Sendable () -> Timestamp = { .now },
        random: RandomSource = .system,
        logger: Logger
    ) {
        self.sink = sink
        self.capacity = capacity
        self.clock = clock
        self.wallClock = wallClock
        self.random = random
        self.logger = logger
        queue = WorkQueue(clock: clock)
        state = Mutex(State(correlator: EventCorrelator(component: component, instance: instance)))
    }

    /// How many events were not written: too many at once, too many about one object, or refused by the server.
    public var droppedCount: Int { state.withLock { $0.droppedCount } }

    /// How many different events wait to be written.
    public var backlog: Int { state.withLock { $0.pending.count } }

    /// Records something that happened to an object.
    /// - Parameters:
    ///   - severity: how much attention it wants.
    ///   - reason: a CamelCase word for programs, such as `FailedCreate`.
    ///   - message: a sentence for people; what is longer than 1024 bytes is cut off.
    ///   - object: what it happened to. Without a namespace, the event goes to the namespace `default`.
    public func record(_ severity: Severity, reason: String, message: String, about object: ObjectReference) {
        let occurrence = EventCorrelator.Occurrence(
            object: object,
            type: severity.rawValue,
            reason: reason,
            message: message.isEmpty ? reason : EventCorrelator.shortened(message)
        )
        let now = wallClock()
        let isAccepted = state.withLock { state in
            if var tally = state.pending[occurrence] {
                tally.count += 1
                tally.last = now
                state.pending[occurrence] = tally
                return true
            }
            guard state.pending.count < capacity, !queue.isShutDown else {
                state.droppedCount += 1
                return false
            }
            state.pending[occurrence] = EventCorrelator.Tally(count: 1, first: now, last: now)
            return true
        }
        if isAccepted { queue.add(occurrence) }
    }

    /// Records something that happened to an object.
    public func record<Object: Resource>(_ severity: Severity, reason: String, message: String, about object: Object) {
        let reference = ObjectReference(
            apiVersion: Object.apiResource.apiVersion,
            kind: Object.apiResource.kind,
            namespace: object.metadata.namespace ?? "",
            name: object.metadata.name,
            uid: object.metadata.uid
        )
        record(severity, reason: reason, message: message, about: reference)
    }

    /// Writes events until the task is cancelled, or the service shut down and what is left has been written.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while let item = await self.queue.next() {
                await self.write(item.key, isLast: false)
                item.done()
            }
        }
        guard !Task.isCancelled else { return }
        queue.shutDown()
        // What came last is often what people look for.
        let unfinished = state.withLock { state in
            defer { state.unfinished = nil }
            return state.unfinished
        }
        try? await withTimeout(Self.flushTimeout, clock: clock) {
            if let unfinished { await self.write(unfinished, isLast: true) }
            while let item = await self.queue.next() {
                await self.write(item.key, isLast: true)
                item.done()
            }
        }
    }

    private func write(_ occurrence: EventCorrelator.Occurrence, isLast: Bool) async {
        let now = clock.now
        let write: EventCorrelator.Write? = state.withLock { state in
            guard let tally = state.pending.removeValue(forKey: occurrence) else { return nil }
            let write = state.correlator.write(occurrence, tally, now: now)
            if write == nil { state.droppedCount += tally.count }
            return write
        }
        if let write { await self.write(write, isLast: isLast) }
    }

    private func write(_ write: EventCorrelator.Write, isLast: Bool) async {
        for attempt in 1... {
            do throws(KubeError) {
                return try await send(write)
            } catch {
                // A repeated create whose first answer got lost.
                if error.code == .alreadyExists { return }
                let isRetried = Self.isTransient(error) && attempt < Self.maximumTries && !isLast
                if isRetried, await wait(attempt) { continue }
                if Task.isCancelled, !isLast {
                    state.withLock { $0.unfinished = write }
                    return
                }
                state.withLock { $0.droppedCount += 1 }
                logger.info("an event could not be written", metadata: ["error": "\(error)"])
                return
            }
        }
    }

    private func send(_ write: EventCorrelator.Write) async throws(KubeError) {
        switch write {
        case .create(let event): _ = try await sink.createEvent(event)
        case .patch(let name, let namespace, let patch, let event):
            do throws(KubeError) {
                _ = try await sink.patchEvent(name, namespace: namespace, patch)
            } catch {
                // Events live for an hour; this one has outlived that.
                guard error.code == .notFound else { throw error }
                _ = try await sink.createEvent(event)
                state.withLock { $0.correlator.replaced(name, by: event) }
            }
        }
    }

    private static func isTransient(_ error: KubeError) -> Bool {
        [.connection, .deadlineExceeded, .unavailable, .tooManyRequests].contains(error.code)
    }

    /// Waits before another attempt; false if there is to be none.
    private func wait(_ attempt: Int) async -> Bool {
        // The first delay differs between clients, so that they do not come back together.
        let delay = attempt == 1 ? Self.retryDelay * random.next() : Self.retryDelay
        do {
            try await clock.sleep(until: clock.now.advanced(by: delay))
            return true
        } catch {
            return false
        }
    }
}
