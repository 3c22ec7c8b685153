// SPDX-License-Identifier: Apache-2.0
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
    ///
    /// Each call begins from nothing.
    /// - Parameter handler: is called for each event, one at a time and in the server's order. It must not block.
    public func run(_ handler: @escaping @Sendable (ReflectorEvent<Source.Object>) -> Void) async {
        var run = ReflectorRun(
            source: source,
            configuration: configuration,
            clock: clock,
            logger: logger,
            handler: handler,
            machine: ReflectorStateMachine(
                configuration: configuration,
                random: random,
                accepts: { [source] in source.accepts($0) }
            )
        )
        await run.untilCancelled()
    }
}
