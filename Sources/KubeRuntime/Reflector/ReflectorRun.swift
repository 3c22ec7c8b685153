// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import Logging

/// Does what a ``ReflectorStateMachine`` says.
struct ReflectorRun<Source: ListerWatcher>: Sendable {
    typealias Step = ReflectorStateMachine<Source.Object>.Step

    /// How far a list has come.
    private struct Progress {
        var startedAt: AnyClock.Instant
        var objectCount = 0
    }

    /// What ends first: the stream, or the time that it has.
    private enum StreamEnd: Sendable {
        case watch(ReflectorRun, Step?)
        case timeout
        case completed
    }

    let source: Source
    let configuration: ReflectorConfiguration
    let clock: AnyClock
    let logger: Logger
    let handler: @Sendable (ReflectorEvent<Source.Object>) -> Void
    var machine: ReflectorStateMachine<Source.Object>
    private var progress: Progress?

    init(
        source: Source,
        configuration: ReflectorConfiguration,
        clock: AnyClock,
        logger: Logger,
        handler: @escaping @Sendable (ReflectorEvent<Source.Object>) -> Void,
        machine: ReflectorStateMachine<Source.Object>
    ) {
        self.source = source
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.handler = handler
        self.machine = machine
    }

    mutating func untilCancelled() async {
        var next: Step? = machine.start()
        while let step = next, !Task.isCancelled {
            switch step {
            case .list(let options, let isFirstPage):
                if isFirstPage { beginList(isStream: false) }
                next = await list(options)
            case .replace(let resourceVersion, let options):
                completeList(resourceVersion)
                next = .watch(options)
            case .watch(let options) where options.sendsInitialEvents:
                beginList(isStream: true)
                next = await stream(options)
            case .watch(let options):
                next = await watch(options)
            case .wait(let delay, let error):
                log(error, delay)
                do { try await clock.sleep(until: clock.now.advanced(by: delay)) } catch { return }
                next = machine.waited()
            }
        }
    }

    // MARK: List

    private mutating func beginList(isStream: Bool) {
        failList(nil)
        progress = Progress(startedAt: clock.now)
        configuration.metrics?.listStarted(because: machine.cause, isStream: isStream)
        handler(.listing)
    }

    private mutating func completeList(_ resourceVersion: String) {
        handler(.replaced(resourceVersion: resourceVersion))
        guard let progress else { return }
        self.progress = nil
        configuration.metrics?.listEnded(
            after: progress.startedAt.duration(to: clock.now),
            objectCount: progress.objectCount,
            error: nil
        )
        configuration.metrics?.advanced(to: resourceVersion, at: clock.now)
    }

    /// Notes that the list that runs, if there is one, will not be completed.
    private mutating func failList(_ error: KubeError?) {
        guard let progress else { return }
        self.progress = nil
        configuration.metrics?.listEnded(
            after: progress.startedAt.duration(to: clock.now),
            objectCount: progress.objectCount,
            error: error ?? KubeError(code: .connection, message: "the list was begun anew")
        )
    }

    /// Reads a page; nil if the task is cancelled.
    private mutating func list(_ options: ListOptions) async -> Step? {
        var count = 0
        do throws(KubeError) {
            let page = try await source.list(options) { object in
                count += 1
                handler(.listed(object))
            }
            progress?.objectCount += count
            return Task.isCancelled ? nil : machine.listed(page)
        } catch {
            if Task.isCancelled { return nil }
            failList(error)
            return machine.listFailed(error, now: clock.now)
        }
    }

    // MARK: Watch

    /// Follows a watch, and lets go of it if it does not complete a list in time; nil if the task is cancelled.
    private mutating func stream(_ options: WatchOptions) async -> Step? {
        let completed = Latch()
        let watchdog = StreamWatchdog(configuration: configuration, clock: clock, logger: logger, completed: completed)
        let run = self
        let (after, step) = await withTaskGroup(of: StreamEnd.self) { group in
            group.addTask {
                var run = run
                let step = await run.watch(options, completing: completed)
                return .watch(run, step)
            }
            group.addTask { await watchdog.isTooLate() ? .timeout : .completed }
            var isTooLate = false
            while let ended = await group.next() {
                switch ended {
                case .watch(var after, let step):
                    group.cancelAll()
                    guard isTooLate else { return (after, step) }
                    let list = after.machine.streamTimedOut()
                    return (after, list)
                case .timeout:
                    isTooLate = true
                    group.cancelAll()
                case .completed: break
                }
            }
            preconditionFailure("the watch always ends")
        }
        self = after
        return step
    }

    /// Follows a watch until it is of no more use; nil if the task is cancelled.
    private mutating func watch(_ options: WatchOptions, completing completed: Latch? = nil) async -> Step? {
        let events: Source.Events
        do throws(KubeError) {
            events = try await source.watch(options)
        } catch {
            if Task.isCancelled { return nil }
            if completed != nil { failList(error) }
            return machine.watchFailedToStart(error, now: clock.now)
        }
        machine.watchStarted(now: clock.now)
        configuration.metrics?.watchStarted()
        var iterator = events.makeAsyncIterator()
        do throws(KubeError) {
            while let event = try await iterator.next(isolation: #isolation) {
                // After a stop nothing more is passed on, even if it has already arrived.
                if Task.isCancelled { return nil }
                if let step = receive(event, completing: completed) { return step }
            }
            return watchEnded(nil)
        } catch {
            return watchEnded(error)
        }
    }

    /// Passes an event on; returns what to do next if the watch is of no more use.
    private mutating func receive(_ event: WatchEvent<Source.Object>, completing completed: Latch?) -> Step? {
        let watching = machine.watching
        let outcome = machine.received(event, now: clock.now)
        var isDropped = false
        switch outcome {
        case .applied(let object): handler(.applied(object))
        case .deleted(let object): handler(.deleted(object))
        case .bookmark(let version): handler(.bookmark(resourceVersion: version))
        case .listed(let object):
            progress?.objectCount += 1
            handler(.listed(object))
        case .unlisted(let object): handler(.unlisted(object))
        case .replaced(let version):
            completeList(version)
            completed?.open()
        case .ignored: break
        case .dropped:
            isDropped = true
            logger.warning("a watch event of another kind, or without a name or version, was dropped")
        case .abandon(let step):
            if case .error(let status) = event, var watching {
                watching.eventCount += 1
                reportEnd(watching, KubeError(status: status))
            }
            return step
        }
        guard let metrics = configuration.metrics else { return nil }
        metrics.eventReceived(isDropped: isDropped)
        if !machine.isListStream, !isDropped, let version = machine.resourceVersion {
            metrics.advanced(to: version, at: clock.now)
        }
        return nil
    }

    private mutating func watchEnded(_ error: KubeError?) -> Step? {
        if Task.isCancelled { return nil }
        reportEnd(machine.watching, error)
        return machine.watchEnded(error, now: clock.now)
    }

    private mutating func reportEnd(_ watching: ReflectorStateMachine<Source.Object>.Watching?, _ error: KubeError?) {
        guard let watching else { return }
        if watching.isStreamingList { failList(error) }
        configuration.metrics?.watchEnded(
            after: watching.startedAt.duration(to: clock.now),
            eventCount: watching.eventCount,
            isShort: machine.isShort(watching, now: clock.now),
            error: error
        )
    }

    private func log(_ error: KubeError, _ delay: Duration) {
        let metadata: Logger.Metadata = [
            "kind": "\(Source.Object.self)", "code": "\(error.code)", "error": "\(error.message)", "delay": "\(delay)",
        ]
        // That a server has forgotten an old version is part of its ordinary life.
        if error.code == .expired {
            logger.info("the list or watch has expired and is made anew", metadata: metadata)
        } else {
            logger.warning("a list or watch failed and is tried again", metadata: metadata)
        }
    }
}
