// SPDX-License-Identifier: Apache-2.0
import JSON
public import Logging

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes each log message as one line of JSON to standard error.
///
/// The fields are `time` (RFC 3339), `level`, `logger`, `message`, and the message's metadata under their own names.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let now: @Sendable () -> String

    /// Creates a handler.
    /// - Parameter now: tells the time as it is to stand in the line.
    public init(label: String, level: Logger.Level, now: @escaping @Sendable () -> String) {
        self.label = label
        self.logLevel = level
        self.now = now
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var writer = JSONWriter()
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
        if let own = event.metadata { fields.merge(own) { _, new in new } }
        writer.object { writer in
            writer.field("time", now())
            writer.field("level", event.level.rawValue)
            writer.field("logger", label)
            writer.field("message", event.message.description)
            for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
                writer.key(key)
                writer.string("\(value)")
            }
        }
        // One call for each line, so that lines of several threads or processes do not mix.
        let line = writer.bytes + [UInt8(ascii: "\n")]
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
