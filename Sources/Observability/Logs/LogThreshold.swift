// SPDX-License-Identifier: Apache-2.0
public import Logging
import Synchronization

/// The least important messages that are logged, which can be changed while the process runs.
///
/// All loggers whose handlers share a threshold change together.
public final class LogThreshold: Sendable {
    private let value: Mutex<Logger.Level>

    /// Creates a threshold.
    public init(_ level: Logger.Level) { value = Mutex(level) }

    /// The level at this moment.
    public var level: Logger.Level {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

/// Passes messages on to another handler, if they reach a threshold that may change.
public struct ThresholdLogHandler<Base: LogHandler>: LogHandler {
    private var base: Base
    private let threshold: LogThreshold
    private var own: Logger.Level?

    /// Creates a handler.
    /// - Parameters:
    ///   - base: writes the messages; its own level does not count.
    ///   - threshold: decides, unless the logger is given a level of its own.
    public init(_ base: Base, threshold: LogThreshold) {
        self.base = base
        self.threshold = threshold
        self.base.logLevel = .trace
    }

    public var logLevel: Logger.Level {
        get { own ?? threshold.level }
        set { own = newValue }
    }

    public var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    public var metadataProvider: Logger.MetadataProvider? {
        get { base.metadataProvider }
        set { base.metadataProvider = newValue }
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    public func log(event: LogEvent) { base.log(event: event) }
}
