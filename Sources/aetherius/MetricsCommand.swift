// SPDX-License-Identifier: Apache-2.0
import AetheriusOperator
import ArgumentParser
import Observability

/// Writes `docs/metrics.md`; not for users.
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Lists the operator's metrics, as Markdown.",
        shouldDisplay: false
    )

    func run() { print(Self.text, terminator: "") }

    private static var text: String {
        let rows = OperatorMetrics.descriptions.map { metric in
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(metric.name)` | \(metric.kind.word) | \(labels) | \(metric.help.replacing("|", with: "\\|")) |"
        }
        let limits = MetricsRegistry.Limits()
        return """
            # Metrics of the operator

            Made by `make docs-metrics` from the descriptions in the program; do not edit it by hand.

            They are served at `/metrics` on port 9090 (`--metrics-bind-address`): as OpenMetrics 1.0 to those who ask for it, as
            Prometheus' text format 0.0.4 to all others. A metric that has no value yet is not there. Times are in seconds, sizes
            in bytes. The names that begin with `workqueue_`, `rest_client_`, `controller_runtime_` and `leader_election_` are
            those of client-go and controller-runtime, and mean the same.

            Everything has a bound: a metric has at most \(limits.series) combinations of label values, and a value at most
            \(limits.labelBytes) bytes. What finds no place is added up under the label value `other`; gauges, of which a sum would
            mean nothing, leave it out. `metrics_dropped_series_total` counts how often that happened.

            | metric | kind | labels | what it tells |
            |---|---|---|---|

            """ + rows.joined(separator: "\n") + "\n"
    }
}
