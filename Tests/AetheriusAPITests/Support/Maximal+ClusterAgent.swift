// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

extension Maximal {
    static var clusterAgent: ClusterAgent {
        var agent = ClusterAgent(metadata: ObjectMeta(name: "maximal"), spec: agentSpec)
        agent.status.phase = .degraded
        agent.status.observedGeneration = 1
        agent.status.hub = hub
        agent.status.agent = clusterReport
        agent.status.conditions = [condition(ConditionType.ready), condition(ConditionType.online)]
        return agent
    }

    private static var agentSpec: ClusterAgent.Spec {
        var spec = ClusterAgent.Spec(mode: .remote)
        spec.accepted = true
        spec.priorityWeight = 10
        spec.target.kubeconfigSecretRef = ClusterAgent.KubeconfigReference(name: "edge-1", key: "config")
        spec.connection = ClusterAgent.Connection(
            server: "https://hub.example.com:6443",
            caBundle: "Y2VydGlmaWNhdGU=",
            proxyURL: "socks5://proxy.example.com:1080"
        )
        spec.heartbeat.intervalSeconds = 5
        spec.heartbeat.offlineAfterSeconds = 40
        spec.report.metricsIntervalSeconds = 30
        spec.report.bufferSize = 500
        spec.report.events.minSeverity = .medium
        spec.report.events.reasons = ["FailedMount"]
        spec.report.events.namespaces = ["shop-*"]
        spec.report.events.severities = ["FailedMount": .critical]
        spec.access.namespaces = ClusterAgent.NamespaceSelection(include: ["shop*"], exclude: ["kube-*"])
        spec.access.actions = ["get_logs"]
        spec.access.tenants = [ClusterAgent.TenantGrant(hubNamespace: "team-a", namespaces: ["shop"])]
        spec.diagnosis.auto = false
        spec.diagnosis.minSeverity = .high
        spec.diagnosis.cooldownSeconds = 60
        spec.diagnosis.mute = [
            ClusterAgent.MuteRule(namespace: "sandbox", owner: "Deployment/cart", reason: "BackOff", until: time)
        ]
        spec.diagnosis.namespaceWeights = ["shop": 20]
        spec.agent.image = "registry.example.com/aetherius:1"
        spec.agent.resources = ClusterAgent.ContainerResources(
            requests: ["cpu": "1", "memory": "128Mi"],
            limits: ["cpu": "1500m"]
        )
        spec.agent.nodeSelector = ["kubernetes.io/os": "linux"]
        var toleration = ClusterAgent.Toleration()
        toleration.key = "dedicated"
        toleration.operator = .equal
        toleration.value = "ops"
        toleration.effect = .noExecute
        toleration.tolerationSeconds = 300
        spec.agent.tolerations = [toleration]
        return spec
    }

    private static var hub: ClusterAgent.Hub {
        var hub = ClusterAgent.Hub()
        hub.clusterUID = "uid-1"
        hub.registeredAt = time
        hub.lastHeartbeatObserved = time
        hub.offlineSince = time
        hub.tokenExpiry = time
        hub.eventCount = 1
        hub.metricsCount = 2
        hub.commandCount = 3
        hub.queue.pending = 4
        hub.queue.running = 5
        hub.queue.oldestPendingSeconds = 6
        return hub
    }

    private static var clusterReport: ClusterAgent.AgentReport {
        var report = ClusterAgent.AgentReport()
        report.instanceID = "agent-1"
        report.clusterUID = "uid-1"
        report.version = "0.1.0"
        report.kubernetesVersion = "v1.29.4"
        report.startedAt = time
        report.tokenExpiry = time
        report.capabilities = ["EventWatch", "get_logs"]
        report.summary = summary
        report.metrics = ClusterAgent.Metrics(observedAt: time, values: ["cpuCapacityMillicores": 1500.5])
        report.unhealthy = [
            ClusterAgent.UnhealthyObject(
                object: object,
                reason: "CrashLoopBackOff",
                severity: .high,
                message: "restarts",
                since: time
            )
        ]
        report.unhealthyTotal = 1
        var events = ClusterAgent.EventSummary()
        var event = ClusterAgent.FoldedEvent(key: "0a1b", reason: "BackOff", object: object, count: 7)
        event.severity = .low
        event.sample = "cart-0"
        event.message = "Back-off restarting failed container"
        event.firstSeen = time
        event.lastSeen = time
        event.resolvedAt = time
        events.items = [event]
        events.since = time
        events.total = 10
        events.distinct = 2
        events.dropped = 1
        report.events = events
        var queues = ClusterAgent.Queues()
        queues.events = 1
        queues.metrics = 2
        queues.commands = 3
        report.queues = queues
        report.truncated = true
        return report
    }

    private static var summary: ClusterAgent.Summary {
        var summary = ClusterAgent.Summary()
        summary.nodes = 1
        summary.nodesReady = 2
        summary.pods = 3
        summary.podsRunning = 4
        summary.podsPending = 5
        summary.podsFailed = 6
        summary.deployments = 7
        summary.deploymentsHealthy = 8
        summary.statefulSets = 9
        summary.daemonSets = 10
        summary.services = 11
        summary.ingresses = 12
        summary.namespaces = 13
        summary.events = 14
        summary.warningEvents = 15
        return summary
    }
}
