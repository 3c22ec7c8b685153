// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

extension Maximal {
    static var diagnosticTask: DiagnosticTask {
        var task = DiagnosticTask(metadata: ObjectMeta(name: "maximal", labels: [LabelKey.cluster: "edge-1"]))
        task.spec = taskSpec
        task.status = taskStatus
        return task
    }

    private static var taskSpec: DiagnosticTask.Spec {
        var spec = DiagnosticTask.Spec(clusterRef: NameReference(name: "edge-1"), target: object, severity: .high)
        var alert = DiagnosticTask.Alert(name: "KubePodCrashLooping")
        alert.fingerprint = "0f3c"
        alert.labels = ["severity": "critical"]
        alert.annotations = ["summary": "Pod is crash looping"]
        alert.startsAt = time
        alert.source = "alertmanager"
        spec.alert = alert
        spec.question = "Why does the cart restart?"
        spec.strategy = .llm
        spec.limits.timeoutSeconds = 120
        spec.limits.maxSteps = 5
        spec.limits.maxTokens = 10000
        spec.limits.maxCostUSD = "1.25"
        spec.limits.maxRetries = 1
        spec.remediation = .plan
        spec.origin = DiagnosticTask.Origin(type: .alert, id: "alert-1", reportedAt: time)
        spec.cancel = true
        spec.retryGeneration = 2
        spec.ttlSecondsAfterFinished = 3600
        spec.feedback = DiagnosticTask.Feedback(rating: .negative, comment: "no", actualCause: "ConfigMapNotFound")
        return spec
    }

    private static var taskStatus: DiagnosticTask.Status {
        var status = DiagnosticTask.Status()
        status.phase = .completed
        status.observedGeneration = 1
        status.inputHash = "abc123"
        status.clusterName = "edge-1"
        status.priority = 750
        status.attempts = 2
        status.startedAt = time
        status.completedAt = time
        status.timeoutAt = time
        var incident = DiagnosticTask.Incident()
        incident.fingerprint = "0123abc"
        incident.count = 3
        incident.firstSeen = time
        incident.lastSeen = time
        incident.resolvedAt = time
        incident.linked = [DiagnosticTask.LinkedTask(name: "other", namespace: "shop", clusterName: "edge-2")]
        status.incident = incident
        status.agent = agentReport
        status.diagnosis = diagnosis
        status.recommendations = [
            DiagnosticTask.Recommendation(
                title: "Raise the memory limit",
                details: "The container needs more than its limit.",
                command: "kubectl set resources deployment/cart --limits=memory=512Mi",
                risk: .low
            )
        ]
        status.planRefs = [NameReference(name: "maximal-plan")]
        status.conditions = [condition(ConditionType.ready), condition(ConditionType.complete)]
        return status
    }

    private static var agentReport: DiagnosticTask.AgentReport {
        var report = DiagnosticTask.AgentReport()
        report.claim = Claim(holder: "agent-1", attempt: 1, claimedAt: time)
        report.findings = [
            DiagnosticTask.Finding(
                id: "f1",
                class: "OOMKilled",
                object: object,
                message: "The container was killed for memory.",
                severity: .critical,
                owner: object,
                container: "app",
                confidence: 0.95,
                evidence: ["e1"],
                cause: true
            )
        ]
        report.findings[0].related = [object]
        report.findings[0].explainedBy = [DiagnosticTask.Explanation(finding: "f1", path: "runs on Node/a")]
        report.evidence = [
            DiagnosticTask.Evidence(
                id: "e1",
                kind: .object,
                text: "OOMKilled, exit code 137",
                source: "status.containerStatuses[app]",
                object: object
            )
        ]
        report.unreadable = [DiagnosticTask.Unreadable(what: "pods in shop", reason: "Forbidden", message: "no")]
        report.truncated = true
        report.gatheredAt = time
        return report
    }

    private static var diagnosis: DiagnosticTask.Diagnosis {
        var diagnosis = DiagnosticTask.Diagnosis()
        diagnosis.summary = "The cart runs out of memory."
        diagnosis.rootCause = DiagnosticTask.RootCause(
            class: "OOMKilled",
            objectRef: identified,
            confidence: 0.9,
            message: "The limit is too low.",
            related: [identified],
            evidence: ["e1"]
        )
        diagnosis.candidates = [
            DiagnosticTask.Candidate(
                class: "OOMKilled",
                objectRef: identified,
                confidence: 0.9,
                message: "The limit is too low.",
                explains: ["f1"]
            )
        ]
        diagnosis.candidates[0].follows = "Pod/shop/cart runs on Node/a"
        diagnosis.candidates[0].precedence = "it is more certain"
        diagnosis.knowledge = [DiagnosticTask.KnowledgeMatch(name: "memory", namespace: "shop", score: 0.75)]
        diagnosis.steps = [
            DiagnosticTask.Step(name: "Rules", result: "one finding", durationMilliseconds: 12, tokensUsed: 34)
        ]
        diagnosis.strategy = .rules
        diagnosis.model = "some-model"
        diagnosis.tokensUsed = 34
        diagnosis.costUSD = "0.0123"
        diagnosis.durationMilliseconds = 1500
        diagnosis.terminationReason = "sure enough"
        return diagnosis
    }
}
