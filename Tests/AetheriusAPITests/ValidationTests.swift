// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import Testing

/// One way to break an object, and the field that is to be named.
struct Breakage<Object: Sendable>: Sendable, CustomTestStringConvertible {
    let field: String
    let words: String
    let apply: @Sendable (inout Object) -> Void

    init(_ field: String, _ words: String, _ apply: @escaping @Sendable (inout Object) -> Void) {
        self.field = field
        self.words = words
        self.apply = apply
    }

    var testDescription: String { "\(field) \(words)" }

    /// What is found in the object once it is broken.
    func check(_ object: Object, _ validate: (Object) -> [FieldError]) {
        var broken = object
        apply(&broken)
        let errors = validate(broken)
        #expect(errors.map(\.field) == [field])
        #expect(errors.first?.message.contains(words) == true, "\(errors)")
    }
}

@Suite("Validation of a DiagnosticTask")
struct DiagnosticTaskValidationTests {
    @Test("given a maximal, a minimal and a namespace's task, when they are validated, then nothing is wrong")
    func valid() {
        #expect(Maximal.diagnosticTask.validate() == [])
        var task = DiagnosticTask(metadata: ObjectMeta(name: "a"))
        #expect(task.validate() == [])
        task.spec.target = ObjectReference(namespace: "shop")
        #expect(task.validate() == [])
        task.spec.target = ObjectReference(kind: "Deployment", name: "cart")
        #expect(task.validate() == [])
    }

    @Test("given one broken rule, when it is validated, then exactly that field is named", arguments: breakages)
    func broken(_ breakage: Breakage<DiagnosticTask>) {
        breakage.check(Maximal.diagnosticTask) { $0.validate() }
    }

    static let breakages: [Breakage<DiagnosticTask>] = [
        .init("spec.clusterRef.name", "DNS label") { $0.spec.clusterRef = NameReference(name: "Edge_1") },
        .init("spec.clusterRef.name", "at most 47") {
            $0.spec.clusterRef = NameReference(name: String(repeating: "a", count: 48))
        },
        .init("spec.target.name", "kind and name together") { $0.spec.target?.name = "" },
        .init("spec.target.kind", "kind and name together") { $0.spec.target?.kind = "" },
        .init("spec.target.apiVersion", "nothing but namespace") {
            $0.spec.target = ObjectReference(apiVersion: "v1", namespace: "shop")
        },
        .init("spec.target.kind", "CamelCase") { $0.spec.target?.kind = "deployment" },
        .init("spec.alert.name", "is empty") { $0.spec.alert?.name = "" },
        .init("spec.alert.labels.huge", "1025 characters") {
            $0.spec.alert?.labels["huge"] = String(repeating: "x", count: 1025)
        },
        .init("spec.question", "at most 2000") { $0.spec.question = String(repeating: "ß", count: 2001) },
        .init("spec.severity", "Critical, High, Medium, Low") { $0.spec.severity = Severity(rawValue: "Severe") },
        .init("spec.strategy", "Auto, Knowledge, Rules, LLM") {
            $0.spec.strategy = DiagnosticTask.Strategy(rawValue: "Oracle")
        },
        .init("spec.remediation", "None, Suggest, Plan") {
            $0.spec.remediation = DiagnosticTask.Remediation(rawValue: "Fix")
        },
        .init("spec.limits.timeoutSeconds", "is 0; allowed are 1 to 86400") { $0.spec.limits.timeoutSeconds = 0 },
        .init("spec.limits.maxSteps", "1 to 100") { $0.spec.limits.maxSteps = 101 },
        .init("spec.limits.maxTokens", "0 to 10000000") { $0.spec.limits.maxTokens = -1 },
        .init("spec.limits.maxCostUSD", "decimal number") { $0.spec.limits.maxCostUSD = "a few" },
        .init("spec.limits.maxRetries", "0 to 10") { $0.spec.limits.maxRetries = 11 },
        .init("spec.retryGeneration", "is -1") { $0.spec.retryGeneration = -1 },
        .init("spec.ttlSecondsAfterFinished", "0 to 2147483647") { $0.spec.ttlSecondsAfterFinished = -1 },
        .init("spec.feedback.rating", "is missing; allowed are Positive, Negative") {
            $0.spec.feedback?.rating = DiagnosticTask.Feedback.Rating(rawValue: "")
        },
    ]
}

@Suite("Validation of a ClusterAgent")
struct ClusterAgentValidationTests {
    @Test("given a maximal and a Local agent, when they are validated, then nothing is wrong")
    func valid() {
        #expect(Maximal.clusterAgent.validate() == [])
        let name = AetheriusGroup.localClusterName
        let local = ClusterAgent(metadata: ObjectMeta(name: name), spec: ClusterAgent.Spec(mode: .local))
        #expect(local.validate() == [])
    }

    @Test("given a Remote agent without server, when the operator has a default, then nothing is wrong")
    func defaultServer() {
        let agent = ClusterAgent(metadata: ObjectMeta(name: "edge-1"), spec: ClusterAgent.Spec(mode: .remote))
        #expect(agent.validate().map(\.field) == ["spec.connection.server"])
        #expect(agent.validate(hasDefaultServer: true) == [])
    }

    @Test("given one broken rule, when it is validated, then exactly that field is named", arguments: breakages)
    func broken(_ breakage: Breakage<ClusterAgent>) {
        breakage.check(Maximal.clusterAgent) { $0.validate() }
    }

    static let breakages: [Breakage<ClusterAgent>] = [
        .init("metadata.name", "at most 47") { $0.metadata.name = String(repeating: "a", count: 48) },
        .init("metadata.name", "DNS label") { $0.metadata.name = "edge.one" },
        .init("spec.mode", "is missing; allowed are Local, Hosted, Remote") {
            $0.spec.mode = ClusterAgent.Mode(rawValue: "")
        },
        .init("spec.target.kubeconfigSecretRef", "Hosted needs") {
            $0.spec.mode = .hosted
            $0.spec.target.kubeconfigSecretRef = nil
        },
        .init("spec.connection.server", "Remote needs") { $0.spec.connection.server = nil },
        .init("spec.connection.server", "https://") { $0.spec.connection.server = "http://hub" },
        .init("spec.connection.server", "allowed are 1 to 65535") { $0.spec.connection.server = "https://hub:65536/x" },
        .init("spec.connection.server", "has the port '0'") { $0.spec.connection.server = "https://[::1]:0" },
        .init("spec.connection.server", "has the port ''") { $0.spec.connection.server = "https://hub:" },
        .init("spec.connection.proxyURL", "has the port 'a'") { $0.spec.connection.proxyURL = "http://me@proxy:a" },
        .init("spec.agent.resources.requests", "1025Mi of memory, more than the limit 1Gi") {
            $0.spec.agent.resources = .init(requests: ["memory": "1025Mi"], limits: ["memory": "1Gi"])
        },
        .init("spec.connection.caBundle", "base64") { $0.spec.connection.caBundle = "-----BEGIN" },
        .init("spec.connection.proxyURL", "holds a password") {
            $0.spec.connection.proxyURL = "http://me:secret@proxy:3128"
        },
        .init("spec.priorityWeight", "-1000 to 1000") { $0.spec.priorityWeight = 1001 },
        .init("spec.heartbeat.offlineAfterSeconds", "twice intervalSeconds, 60") {
            $0.spec.heartbeat.intervalSeconds = 30
            $0.spec.heartbeat.offlineAfterSeconds = 59
        },
        .init("spec.report.bufferSize", "10 to 100000") { $0.spec.report.bufferSize = 9 },
        .init("spec.report.events.minSeverity", "allowed are") {
            $0.spec.report.events.minSeverity = Severity(rawValue: "Any")
        },
        .init("spec.access.actions[0]", "name of an action") { $0.spec.access.actions = ["get *"] },
        .init("spec.access.tenants[0].namespaces", "at least 1") { $0.spec.access.tenants[0].namespaces = [] },
        .init("spec.diagnosis.mute[0]", "namespace, owner and reason") {
            $0.spec.diagnosis.mute = [ClusterAgent.MuteRule(until: Maximal.time)]
        },
        .init("spec.report.events.severities.BackOff", "Critical, High, Medium, Low") {
            $0.spec.report.events.severities = ["BackOff": Severity(rawValue: "Dire")]
        },
        .init("spec.diagnosis.namespaceWeights.shop", "-1000 to 1000") {
            $0.spec.diagnosis.namespaceWeights = ["shop": -1001]
        },
        .init("spec.agent.resources.requests.cpu", "quantity") {
            $0.spec.agent.resources = ClusterAgent.ContainerResources(requests: ["cpu": "much"])
        },
        .init("spec.agent.tolerations[0].operator", "without key") { $0.spec.agent.tolerations[0].key = nil },
        .init("spec.agent.tolerations[0].value", "takes no value") { $0.spec.agent.tolerations[0].operator = .exists },
        .init("spec.agent.tolerations[0].tolerationSeconds", "only effect NoExecute") {
            $0.spec.agent.tolerations[0].effect = nil
        },
    ]
}

@Suite("Validation of an ExecutionPlan")
struct ExecutionPlanValidationTests {
    @Test("given a maximal plan and one that waits for approval, when they are validated, then nothing is wrong")
    func valid() {
        #expect(Maximal.executionPlan.validate() == [])
        var plan = Maximal.executionPlan
        plan.spec.approval = nil
        #expect(plan.validate() == [])
        plan.spec.approval = ExecutionPlan.Approval(decision: .rejected)
        #expect(plan.validate() == [])
    }

    @Test("given one broken rule, when it is validated, then exactly that field is named", arguments: breakages)
    func broken(_ breakage: Breakage<ExecutionPlan>) {
        breakage.check(Maximal.executionPlan) { $0.validate() }
    }

    static let breakages: [Breakage<ExecutionPlan>] = [
        .init("spec.mode", "ReadOnly, Mutating") { $0.spec.mode = ExecutionPlan.Mode(rawValue: "Careful") },
        .init("spec.taskRef.name", "lower-case") { $0.spec.taskRef = NameReference(name: "A") },
        .init("spec.steps", "at least 1") { $0.spec.steps = [] },
        .init("spec.steps", "at most 20") { plan in
            plan.spec.steps = (0..<21).map { ExecutionPlan.Step(name: "s\($0)", tool: "kubectl", action: "get") }
        },
        .init("spec.steps[1].name", "as in spec.steps[0]") { $0.spec.steps.append($0.spec.steps[0]) },
        .init("spec.steps[0].tool", "is empty") { $0.spec.steps[0].tool = "" },
        .init("spec.steps[0].action", "is empty") { $0.spec.steps[0].action = "" },
        .init("spec.steps[0].target.kind", "CamelCase") { $0.spec.steps[0].target?.kind = "pod" },
        .init("spec.steps[0].params.text", "at most 1024") {
            $0.spec.steps[0].params["text"] = String(repeating: "x", count: 1025)
        },
        .init("spec.steps[0].timeoutSeconds", "1 to 3600") { $0.spec.steps[0].timeoutSeconds = 3601 },
        .init("spec.steps[0].onFailure", "Stop, Continue") {
            $0.spec.steps[0].onFailure = ExecutionPlan.FailurePolicy(rawValue: "Panic")
        },
        .init("spec.strategy.estimatedCostUSD", "decimal") { $0.spec.strategy?.estimatedCostUSD = "1,50" },
        .init("spec.strategy.confidence", "0 to 1") { $0.spec.strategy?.confidence = .nan },
        .init("spec.approval.decision", "Approved, Rejected") {
            $0.spec.approval?.decision = ExecutionPlan.Approval.Decision(rawValue: "Perhaps")
        },
        .init("spec.approval.planHash", "needs a copy of status.planHash") { $0.spec.approval?.planHash = nil },
        .init("spec.approval.planHash", "64 hexadecimal") { $0.spec.approval?.planHash = "abc" },
        .init("spec.expiresAfterSeconds", "1 to 604800") { $0.spec.expiresAfterSeconds = 0 },
        .init("spec.activeDeadlineSeconds", "1 to 86400") { $0.spec.activeDeadlineSeconds = 0 },
    ]
}

@Suite("Validation of a KnowledgeEntry")
struct KnowledgeEntryValidationTests {
    @Test("given a maximal entry, when it is validated, then nothing is wrong")
    func valid() { #expect(Maximal.knowledgeEntry.validate() == []) }

    @Test("given one broken rule, when it is validated, then exactly that field is named", arguments: breakages)
    func broken(_ breakage: Breakage<KnowledgeEntry>) {
        breakage.check(Maximal.knowledgeEntry) { $0.validate() }
    }

    static let breakages: [Breakage<KnowledgeEntry>] = [
        .init("spec.title", "is empty") { $0.spec.title = "" },
        .init("spec.content", "is empty") { $0.spec.content = "" },
        .init("spec.content", "at most 65536") { $0.spec.content = String(repeating: "x", count: 65537) },
        .init("spec.tags[1]", "letter or digit at both ends") { $0.spec.tags.append("-") },
        .init("spec.match.kinds[0]", "CamelCase") { $0.spec.match.kinds = ["pod"] },
        .init("spec.match.messagePatterns[0]", "is empty") { $0.spec.match.messagePatterns = [""] },
        .init("spec.match.messagePatterns[0]", "at most 256") {
            $0.spec.match.messagePatterns = [String(repeating: "x", count: 257)]
        },
        .init("spec.steps[1].name", "a name of its own") { $0.spec.steps.append($0.spec.steps[0]) },
        .init("spec.references[0].url", "http://") { $0.spec.references[0].url = "example.com" },
        .init("spec.confidence", "is 1.5; allowed are 0 to 1") { $0.spec.confidence = 1.5 },
        .init("spec.confidence", "0 to 1") { $0.spec.confidence = -0.1 },
    ]
}
