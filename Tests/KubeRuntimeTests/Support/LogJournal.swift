// SPDX-License-Identifier: Apache-2.0
import Logging

/// What is logged, for tests to look at.
struct LogJournal: LogHandler {
    let messages = Journal<(level: Logger.Level, text: String)>()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        messages.append((event.level, "\(event.message)"))
    }

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in self } }
}
