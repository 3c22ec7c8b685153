// SPDX-License-Identifier: Apache-2.0
import AetheriusAgent
import AetheriusOperator
import ArgumentParser
import Observability

/// Writes `docs/metrics.md`; not for users.
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Lists the metrics of the operator and of agents, as Markdown.",
        shouldDisplay: false
    )

    func run() { print(Self.text, terminator: "") }

    private static var text: String {
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

            """ + rows(OperatorMetrics.descriptions) + """

                # Metrics of an agent

                An agent serves them as the operator does (`--metrics-listen`), besides those of its process and of its requests.

                | metric | kind | labels | what it tells |
                |---|---|---|---|

                """ + rows(AgentMetrics.descriptions)
    }

    private static func rows(_ descriptions: [MetricDescription]) -> String {
        descriptions.map { metric in
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            let help = metric.help.replacing("|", with: "\\|")
            return "| `\(metric.name)` | \(metric.kind.word) | \(labels) | \(help) |\n"
        }.joined()
    }
}
