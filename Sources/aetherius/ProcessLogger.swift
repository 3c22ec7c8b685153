// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime
import Logging
import Observability

/// Makes the logger of a process that goes on until it is told to stop.
enum ProcessLogger {
    static func make(isJSON: Bool, threshold: LogThreshold) -> Logger {
        let provider = Reconciliation.metadataProvider
        guard isJSON else {
            return Logger(label: Invocation.program) { label in
                ThresholdLogHandler(
                    StreamLogHandler.standardError(label: label, metadataProvider: provider),
                    threshold: threshold
                )
            }
        }
        return Logger(label: Invocation.program) { label in
            var handler = JSONLogHandler(label: label, level: .trace) { Timestamp.now.microTime }
            handler.metadataProvider = provider
            return ThresholdLogHandler(handler, threshold: threshold)
        }
    }
}
