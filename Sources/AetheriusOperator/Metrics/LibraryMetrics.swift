// SPDX-License-Identifier: Apache-2.0
import Observability

/// What the libraries beneath the operator count, under the names of client-go and controller-runtime.
enum LibraryMetrics {
    static let descriptions = queue + controllers + election + client

    private static let queueLabels = ["name", "controller"]
    private static let seconds = MetricDescription.Kind.histogram(bounds: MetricDescription.secondsBounds)
    private static let longSeconds = MetricDescription.Kind.histogram(bounds: MetricDescription.longBounds)

    private static let queue = [
        MetricDescription(
            "workqueue_depth",
            .gauge,
            labels: queueLabels + ["priority"],
            help: "Requests that wait for a worker."
        ),
        MetricDescription(
            "workqueue_adds_total",
            .counter,
            labels: queueLabels,
            help: "Requests that came into the queue."
        ),
        MetricDescription(
            "workqueue_retries_total",
            .counter,
            labels: queueLabels,
            help: "Requests that came into the queue with a delay."
        ),
        MetricDescription(
            "workqueue_queue_duration_seconds",
            longSeconds,
            labels: queueLabels,
            help: "Time that requests waited for a worker."
        ),
        MetricDescription(
            "workqueue_work_duration_seconds",
            longSeconds,
            labels: queueLabels,
            help: "Time that workers took for requests."
        ),
        MetricDescription(
            "workqueue_unfinished_work_seconds",
            .gauge,
            labels: queueLabels,
            help: "Time that the requests under work have taken so far, all together."
        ),
        MetricDescription(
            "workqueue_longest_running_processor_seconds",
            .gauge,
            labels: queueLabels,
            help: "Time that the request which is longest under work has taken so far."
        ),
    ]

    private static let controllers = [
        MetricDescription(
            "controller_runtime_reconcile_total",
            .counter,
            labels: ["controller", "result"],
            help: "Reconciliations, by how they ended."
        ),
        MetricDescription(
            "controller_runtime_reconcile_errors_total",
            .counter,
            labels: ["controller"],
            help: "Reconciliations that failed."
        ),
        MetricDescription(
            "controller_runtime_terminal_reconcile_errors_total",
            .counter,
            labels: ["controller"],
            help: "Reconciliations that failed and are not tried again."
        ),
        MetricDescription(
            "controller_runtime_reconcile_timeouts_total",
            .counter,
            labels: ["controller"],
            help: "Reconciliations that took too long."
        ),
        MetricDescription(
            "controller_runtime_reconcile_time_seconds",
            longSeconds,
            labels: ["controller"],
            help: "Time that reconciliations took."
        ),
        MetricDescription(
            "controller_runtime_active_workers",
            .gauge,
            labels: ["controller"],
            help: "Workers that are at work."
        ),
        MetricDescription(
            "controller_runtime_max_concurrent_reconciles",
            .gauge,
            labels: ["controller"],
            help: "Workers that there are."
        ),
    ]

    private static let election = [
        MetricDescription(
            "leader_election_master_status",
            .gauge,
            labels: ["name"],
            help: "1 while this process holds the lease, else 0."
        ),
        MetricDescription(
            "leader_election_slowpath_total",
            .counter,
            labels: ["name"],
            help: "How often renewing the lease needed more than one request."
        ),
    ]

    private static let client = [
        MetricDescription(
            "rest_client_requests_total",
            .counter,
            labels: ["code", "method", "host"],
            help: "Requests to the API server, each try and each watch; the code is <error> where no answer came."
        ),
        MetricDescription(
            "rest_client_request_duration_seconds",
            seconds,
            labels: ["verb", "host"],
            help: "Time that calls of the API server took, with all tries; the verb is the HTTP method."
        ),
    ]
}
