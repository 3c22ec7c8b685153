// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
public import Logging

/// Follows a collection: lists it, watches it from there, and starts over where that is needed.
///
/// Most programs use an ``Informer``, which also keeps the objects. What a reflector does about failures is what
/// Kubernetes' own clients do: a watch that ends is taken up where it ended; only a version that the server no longer
/// knows, or an event that cannot be understood, leads to another list; failures are retried for ever, with growing
/// delays.
public struct Reflector<Source: ListerWatcher>: Sendable {
    private let source: Source
    private let configuration: ReflectorConfiguration
    private let clock: AnyClock
    private let random: RandomSource
    private let logger: Logger

    /// Creates a reflector.
    /// - Parameters:
    ///   - source: where lists and watches come from, such as a `ResourceClient`.
    ///   - configuration: selectors, page size and delays.
    ///   - clock: what delays are measured with.
    ///   - random: where jitter comes from.
    ///   - logger: gets a message for each failure that leads to a delay.
    public init(
        _ source: Source,
        configuration: ReflectorConfiguration = ReflectorConfiguration(),
        clock: AnyClock = .continuous,
        random: RandomSource = .system,
        logger: Logger
    ) {
        self.source = source
        self.configuration = configuration
        self.clock = clock
        self.random = random
        self.logger = logger
    }

    /// Follows the collection until the task is cancelled.
    /// - Parameters:
    ///   - afterReplace: is called after each complete list, once this reflector no longer holds its objects.
    ///   - handler: is called for each event, one at a time and in the server's order. It must not block.
    public func run(
        afterReplace: @Sendable () -> Void = {},
        _ handler: @Sendable (ReflectorEvent<Source.Object>) -> Void
    ) async {
        var machine = ReflectorStateMachine<Source.Object>(configuration: configuration, random: random)
        var step = machine.start()
        var hasReplaced = false
        while !Task.isCancelled {
            if hasReplaced { afterReplace() }
            hasReplaced = false
            switch step {
            case .list(let options):
                step = await list(options, &machine)
            case .replace(let objects, let resourceVersion, let options):
                handler(.replaced(objects, resourceVersion: resourceVersion))
                // Assigned before the watch begins, so that the list does not live as long as the watch.
                step = .watch(options)
                hasReplaced = true
            case .watch(let options):
                step = await watch(options, &machine, handler)
            case .wait(let delay, let error):
                if Task.isCancelled { return }
                log(error, delay)
                do { try await clock.sleep(until: clock.now.advanced(by: delay)) } catch { return }
                step = machine.waited()
            }
        }
    }

    private func list(
        _ options: ListOptions,
        _ machine: inout ReflectorStateMachine<Source.Object>
    ) async -> ReflectorStateMachine<Source.Object>.Step {
        do throws(KubeError) {
            return machine.listed(try await source.list(options))
        } catch {
            return machine.listFailed(error, now: clock.now)
        }
    }

    private func watch(
        _ options: WatchOptions,
        _ machine: inout ReflectorStateMachine<Source.Object>,
        _ handler: (ReflectorEvent<Source.Object>) -> Void
    ) async -> ReflectorStateMachine<Source.Object>.Step {
        let events: Source.Events
        do throws(KubeError) {
            events = try await source.watch(options)
        } catch {
            return machine.watchFailedToStart(error, now: clock.now)
        }
        machine.watchStarted(now: clock.now)
        do throws(KubeError) {
            var iterator = events.makeAsyncIterator()
            while let event = try await iterator.next(isolation: #isolation) {
                // After a stop nothing more is passed on, even if it has already arrived.
                if Task.isCancelled { break }
                switch machine.received(event, now: clock.now) {
                case .applied(let object): handler(.applied(object))
                case .deleted(let object): handler(.deleted(object))
                case .bookmark(let version): handler(.bookmark(resourceVersion: version))
                case .dropped: logger.warning("a watch event without a name or version was dropped")
                case .abandon(let step): return step
                }
            }
            return machine.watchEnded(nil, now: clock.now)
        } catch {
            return machine.watchEnded(error, now: clock.now)
        }
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
