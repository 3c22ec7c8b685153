// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// What a simulated agent tells of a cluster that it does not have: some 3 KB, of which a few numbers change each time.
enum SimulatedReport {
    private static let start = Timestamp.now.wholeSeconds

    static let conditions: [Condition] = [
        Condition(
            type: ConditionType.targetReachable,
            status: .true,
            reason: "Reachable",
            message: "the cluster's API server answers",
            lastTransitionTime: start
        ),
        Condition(
            type: ConditionType.collectionHealthy,
            status: .true,
            reason: "Complete",
            message: "everything that is observed can be read",
            lastTransitionTime: start
        ),
    ]

    static func make(name: String, round: Int) -> ClusterAgent.AgentReport {
        var report = ClusterAgent.AgentReport()
        report.instanceID = "\(name)_1"
        report.clusterUID = "uid-of-\(name)"
        report.version = "0.1.0"
        report.kubernetesVersion = "v1.31.2"
        report.capabilities = ["EventWatch", "MetricsCollect", "Diagnose"]
        var summary = ClusterAgent.Summary()
        summary.nodes = 3
        summary.nodesReady = 3
        summary.pods = 60 + round % 7
        summary.podsRunning = 58
        summary.podsPending = round % 7
        summary.deployments = 20
        summary.deploymentsHealthy = 19
        summary.services = 25
        summary.namespaces = 12
        report.summary = summary
        report.unhealthyTotal = 1
        var events = ClusterAgent.EventSummary()
        // Nothing that would open a task: tasks have figures of their own.
        events.items = (0..<8).map { number in
            var item = ClusterAgent.FoldedEvent(
                key: "00000000000000\(number)\(number)",
                reason: "DNSConfigForming",
                object: ObjectReference(
                    apiVersion: "apps/v1",
                    kind: "Deployment",
                    namespace: "shop",
                    name: "s\(number)"
                ),
                count: 10 + round
            )
            item.severity = .low
            item.sample = "s\(number)-6d4cf56db6-x7k2p"
            item.message = "Nameserver limits were exceeded, some nameservers have been omitted"
            return item
        }
        events.total = Int64(100 + 8 * round)
        events.distinct = 8
        report.events = events
        return report
    }
}
