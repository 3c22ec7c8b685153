// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

extension Maximal {
    static var executionPlan: ExecutionPlan {
        var step = step
        step.target = identified
        var plan = ExecutionPlan(
            metadata: ObjectMeta(name: "maximal"),
            spec: ExecutionPlan.Spec(
                clusterRef: NameReference(name: "edge-1"),
                taskRef: NameReference(name: "maximal"),
                mode: .mutating,
                steps: [step]
            )
        )
        var strategy = ExecutionPlan.Strategy()
        strategy.details = "Look first."
        strategy.estimatedDurationSeconds = 10
        strategy.estimatedCostUSD = "0.10"
        strategy.confidence = 0.5
        plan.spec.strategy = strategy
        plan.spec.approval = ExecutionPlan.Approval(decision: .approved, planHash: sha256, comment: "fine")
        plan.spec.dryRun = true
        plan.spec.expiresAfterSeconds = 600
        plan.spec.activeDeadlineSeconds = 120
        plan.spec.cancel = true
        plan.status = planStatus
        return plan
    }

    private static var planStatus: ExecutionPlan.Status {
        var status = ExecutionPlan.Status()
        status.phase = .failed
        status.observedGeneration = 1
        status.planHash = sha256
        status.claim = Claim(holder: "agent-1", attempt: 1, claimedAt: time)
        status.currentStepIndex = 0
        status.totalSteps = 1
        status.startedAt = time
        status.completedAt = time
        var result = ExecutionPlan.StepResult(name: "logs", phase: .failed)
        result.startedAt = time
        result.finishedAt = time
        result.exitCode = -1
        result.output = "nothing"
        result.truncated = true
        result.sha256 = sha256
        result.error = "there are no logs"
        status.steps = [result]
        status.safety = [
            ExecutionPlan.SafetyCheck(
                layer: .access,
                verdict: .denied,
                step: "logs",
                reason: "ActionNotAllowed",
                message: "spec.access.actions does not name get_logs",
                checkedAt: time
            )
        ]
        status.conditions = [condition(ConditionType.ready), condition(ConditionType.failed)]
        return status
    }

    static var knowledgeEntry: KnowledgeEntry {
        var entry = KnowledgeEntry(
            metadata: ObjectMeta(name: "maximal"),
            spec: KnowledgeEntry.Spec(title: "Out of memory", content: "## Symptoms\nThe container is killed.")
        )
        entry.spec.category = "memory"
        entry.spec.tags = ["oom"]
        entry.spec.match.kinds = ["Deployment"]
        entry.spec.match.reasons = ["OOMKilling"]
        entry.spec.match.messagePatterns = ["out of memory"]
        entry.spec.match.causeClasses = ["OOMKilled"]
        entry.spec.rootCause = "The limit is too low."
        entry.spec.steps = [step]
        entry.spec.references = [KnowledgeEntry.Reference(title: "Limits", url: "https://kubernetes.io/docs/")]
        entry.spec.confidence = 0.7
        entry.spec.suspend = true
        entry.status.observedGeneration = 1
        entry.status.indexed = true
        entry.status.suspended = true
        entry.status.contentHash = "abc123"
        entry.status.confidence = 0.6
        entry.status.usageCount = 5
        entry.status.successCount = 3
        entry.status.successRate = 0.6
        entry.status.lastMatchedAt = time
        entry.status.updatedAt = time
        entry.status.conditions = [condition(ConditionType.ready)]
        return entry
    }
}
