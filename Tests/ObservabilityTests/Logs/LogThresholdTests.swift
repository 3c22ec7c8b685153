// SPDX-License-Identifier: Apache-2.0
import Logging
import Observability
import Synchronization
import Testing

@Suite struct LogThresholdTests {
    /// Keeps what is logged.
    private struct Notebook: LogHandler {
        final class Pages: Sendable {
            let lines = Mutex<[String]>([])
        }

        let pages: Pages
        var logLevel = Logger.Level.critical
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            pages.lines.withLock { $0.append("\(event.level) \(event.message) \(metadata)") }
        }
    }

    @Test(
        "given a threshold that changes, then all loggers that share it change, but not those with a level of their own"
    )
    func change() {
        let pages = Notebook.Pages()
        let threshold = LogThreshold(.info)
        let logger = Logger(label: "a") { _ in ThresholdLogHandler(Notebook(pages: pages), threshold: threshold) }
        var named = logger
        named[metadataKey: "task"] = "shop/web"
        var own = logger
        own.logLevel = .error
        logger.debug("one")
        threshold.level = .debug
        logger.debug("two")
        named.debug("three")
        own.warning("four")
        threshold.level = .error
        logger.warning("five")
        #expect(pages.lines.withLock { $0 } == ["debug two [:]", "debug three [\"task\": shop/web]"])
    }
}
