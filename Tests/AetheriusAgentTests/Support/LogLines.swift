// SPDX-License-Identifier: Apache-2.0
import Logging

/// What is logged, as it is logged.
struct LogLines: LogHandler {
    private let lines: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init() { (lines, continuation) = AsyncStream.makeStream() }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { continuation.yield("\(event.message)") }

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in self } }

    /// Waits until something is logged that has this text in it.
    func wait(for text: String) async { for await line in lines where line.contains(text) { return } }
}

extension Logger {
    /// Says nothing.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
