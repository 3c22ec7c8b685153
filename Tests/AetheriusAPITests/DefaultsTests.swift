// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import Testing

@Suite("Defaults of absent fields")
struct DefaultsTests {
    @Test("given a task without spec, when it is read, then the defaults of the schema hold")
    func diagnosticTask() throws {
        let task = try JSON.decode(DiagnosticTask.self, from: #"{"metadata":{"name":"a"}}"#)
        #expect(task.spec == DiagnosticTask.Spec())
        #expect(task.spec.strategy == .auto)
        #expect(task.spec.remediation == .suggest)
        #expect(task.spec.severity == nil)
        #expect(task.spec.limits.timeoutSeconds == 600)
        #expect(task.spec.limits.maxSteps == 10)
        #expect(task.spec.limits.maxTokens == nil)
        #expect(task.spec.limits.maxCostUSD == "0.50")
        #expect(task.spec.limits.maxRetries == 3)
        #expect(task.spec.ttlSecondsAfterFinished == nil)
        #expect(!task.spec.cancel)
        #expect(task.status == DiagnosticTask.Status())
        #expect(!task.status.isFinished)
    }

    @Test("given limits in part, when they are read, then the rest has its defaults")
    func partOfLimits() throws {
        let task = try JSON.decode(DiagnosticTask.self, from: #"{"spec":{"limits":{"maxRetries":0}}}"#)
        #expect(task.spec.limits.maxRetries == 0)
        #expect(task.spec.limits.timeoutSeconds == DiagnosticTask.Limits.defaultTimeoutSeconds)
    }

    @Test("given an agent with nothing but a mode, when it is read, then the defaults of the schema hold")
    func clusterAgent() throws {
        let agent = try JSON.decode(ClusterAgent.self, from: #"{"spec":{"mode":"Local"}}"#)
        #expect(agent.spec == ClusterAgent.Spec(mode: .local))
        #expect(!agent.spec.accepted)
        #expect(agent.spec.heartbeat.intervalSeconds == 30)
        #expect(agent.spec.heartbeat.offlineAfterSeconds == 90)
        #expect(agent.spec.report.metricsIntervalSeconds == 60)
        #expect(agent.spec.report.bufferSize == 1000)
        #expect(agent.spec.diagnosis.effectiveAuto)
        #expect(agent.spec.diagnosis.effectiveMinSeverity == .medium)
        #expect(agent.spec.diagnosis.effectiveCooldownSeconds == 600)
        #expect(agent.spec.agent.effectiveResources.requests == ["cpu": "100m", "memory": "128Mi"])
        #expect(agent.spec.agent.effectiveResources.limits == ["cpu": "250m", "memory": "256Mi"])
        #expect(agent.status.phase == nil)
    }

    @Test("given a Secret without a key, when it is read, then the key is kubeconfig")
    func kubeconfigKey() throws {
        let agent = try JSON.decode(
            ClusterAgent.self,
            from: #"{"spec":{"mode":"Hosted","target":{"kubeconfigSecretRef":{"name":"edge-1"}}}}"#
        )
        #expect(agent.spec.target.kubeconfigSecretRef == ClusterAgent.KubeconfigReference(name: "edge-1"))
        #expect(agent.spec.target.kubeconfigSecretRef?.key == "kubeconfig")
    }

    @Test("given a plan with nothing but a step, when it is read, then it only reads and stops on failure")
    func executionPlan() throws {
        let plan = try JSON.decode(
            ExecutionPlan.self,
            from: #"{"spec":{"steps":[{"name":"a","tool":"kubectl","action":"get_logs"}]}}"#
        )
        #expect(plan.spec.mode == .readOnly)
        #expect(plan.spec.effectiveExpiresAfterSeconds == 3600)
        #expect(plan.spec.activeDeadlineSeconds == nil)
        #expect(!plan.spec.dryRun)
        #expect(plan.spec.steps.first?.effectiveTimeoutSeconds == 60)
        #expect(plan.spec.steps.first?.effectiveOnFailure == .stop)
    }

    @Test("given an entry with nothing but its texts, when it is read, then it is trusted with 0.8 and in use")
    func knowledgeEntry() throws {
        let entry = try JSON.decode(KnowledgeEntry.self, from: #"{"spec":{"title":"t","content":"c"}}"#)
        #expect(entry.spec.effectiveConfidence == 0.8)
        #expect(entry.spec.match.isEmpty)
        #expect(!entry.spec.suspend)
        #expect(entry.status.usageCount == 0)
    }

    @Test("given fields that were not set, when an object is written, then they are left out")
    func leftOut() {
        let task = DiagnosticTask(metadata: ObjectMeta(name: "a"))
        #expect(task.json["spec"]?.fields.map(\.key).sorted() == ["limits", "remediation", "strategy"])
        let agent = ClusterAgent(metadata: ObjectMeta(name: "a"), spec: ClusterAgent.Spec(mode: .local))
        #expect(agent.json["spec"]?.fields.map(\.key).sorted() == ["heartbeat", "mode", "report"])
    }
}
