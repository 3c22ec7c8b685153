// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension ExecutionPlan {
    /// What is wrong with the plan's spec, in the order of its fields; empty if nothing is.
    ///
    /// Whether tools, actions and parameters exist is not looked at: the layers of safety do that. Nor is a plan in
    /// mode Mutating without an approval wrong: it waits for one.
    public func validate() -> [FieldError] {
        if let unreadableSpec { return [unreadableSpec] }
        var checks = FieldChecks()
        checks.text("spec.clusterRef.name", spec.clusterRef?.name, 1...ClusterAgent.maximumNameLength, .dnsLabel)
        checks.text("spec.taskRef.name", spec.taskRef?.name, 1...253, .dnsSubdomain)
        checks.known("spec.mode", spec.mode)
        checks.steps("spec.steps", spec.steps, 1...20)
        if let strategy = spec.strategy {
            checks.text("spec.strategy.description", strategy.details, 0...1024)
            checks.range("spec.strategy.estimatedDurationSeconds", strategy.estimatedDurationSeconds, 0...86400)
            checks.text("spec.strategy.estimatedCostUSD", strategy.estimatedCostUSD, 0...12, .dollars)
            checks.fraction("spec.strategy.confidence", strategy.confidence)
        }
        if let approval = spec.approval {
            checks.known("spec.approval.decision", approval.decision)
            checks.text("spec.approval.planHash", approval.planHash, 0...64, .sha256)
            checks.text("spec.approval.comment", approval.comment, 0...1024)
            if approval.decision == .approved, approval.planHash == nil {
                checks.report("spec.approval.planHash", "is missing; Approved needs a copy of status.planHash")
            }
        }
        checks.range("spec.expiresAfterSeconds", spec.expiresAfterSeconds, 1...604_800)
        checks.range("spec.activeDeadlineSeconds", spec.activeDeadlineSeconds, 1...86400)
        return checks.errors
    }
}

extension FieldChecks {
    /// Steps, each with a name that no other one has.
    mutating func steps(_ field: String, _ steps: [ExecutionPlan.Step], _ allowed: ClosedRange<Int>) {
        count(field, steps, allowed)
        var names: [String: Int] = [:]
        for (index, step) in steps.enumerated() {
            self.step("\(field)[\(index)]", step)
            guard let first = names[step.name] else {
                names[step.name] = index
                continue
            }
            report(
                "\(field)[\(index)].name",
                "is '\(step.name.bounded(toUTF8: 80))' as in \(field)[\(first)]; every step needs a name of its own"
            )
        }
    }

    private mutating func step(_ field: String, _ step: ExecutionPlan.Step) {
        text("\(field).name", step.name, 1...63, .dnsLabel)
        text("\(field).tool", step.tool, 1...63, .toolName)
        text("\(field).action", step.action, 1...63, .toolName)
        if let target = step.target {
            reference("\(field).target", target)
            text("\(field).target.uid", target.uid, 0...64)
        }
        texts("\(field).params", step.params, atMost: 20, each: 0...1024)
        range("\(field).timeoutSeconds", step.timeoutSeconds, 1...3600)
        known("\(field).onFailure", step.onFailure)
    }
}
