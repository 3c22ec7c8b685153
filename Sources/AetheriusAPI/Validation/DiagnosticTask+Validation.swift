// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension DiagnosticTask {
    /// What is wrong with the task's spec, in the order of its fields; empty if nothing is.
    ///
    /// The API server refuses most of it. The operator asks again, because a stored object may be older than the
    /// schema, and because some rules go beyond it.
    public func validate() -> [FieldError] {
        if let unreadableSpec { return [unreadableSpec] }
        var checks = FieldChecks()
        checks.text("spec.clusterRef.name", spec.clusterRef?.name, 1...ClusterAgent.maximumNameLength, .dnsLabel)
        if let target = spec.target { checks.taskTarget("spec.target", target) }
        if let alert = spec.alert { checks.alert("spec.alert", alert) }
        checks.text("spec.question", spec.question, 0...2000)
        checks.known("spec.severity", spec.severity)
        checks.known("spec.strategy", spec.strategy)
        checks.limits("spec.limits", spec.limits)
        checks.known("spec.remediation", spec.remediation)
        checks.known("spec.origin.type", spec.origin?.type)
        checks.text("spec.origin.id", spec.origin?.id, 0...253)
        checks.range("spec.retryGeneration", spec.retryGeneration, 0...9_007_199_254_740_991)
        checks.range("spec.ttlSecondsAfterFinished", spec.ttlSecondsAfterFinished, 0...2_147_483_647)
        checks.known("spec.feedback.rating", spec.feedback?.rating)
        checks.text("spec.feedback.comment", spec.feedback?.comment, 0...2000)
        checks.text("spec.feedback.actualCause", spec.feedback?.actualCause, 0...512)
        return checks.errors
    }
}

extension FieldChecks {
    /// The format of the parts of a reference; the parts may be missing.
    mutating func reference(_ field: String, _ reference: ObjectReference) {
        text("\(field).apiVersion", reference.apiVersion.nonEmpty, 1...317, .apiVersion)
        text("\(field).kind", reference.kind.nonEmpty, 1...63, .camelCase)
        text("\(field).namespace", reference.namespace.nonEmpty, 1...63, .dnsLabel)
        text("\(field).name", reference.name.nonEmpty, 1...253, .objectName)
    }

    /// An object, or a whole namespace.
    fileprivate mutating func taskTarget(_ field: String, _ target: ObjectReference) {
        reference(field, target)
        if target.kind.isEmpty, !target.name.isEmpty {
            report("\(field).kind", "is missing; an object is given with kind and name together")
        }
        if target.name.isEmpty, !target.kind.isEmpty {
            report("\(field).name", "is missing; an object is given with kind and name together")
        }
        if !target.apiVersion.isEmpty, target.kind.isEmpty, target.name.isEmpty {
            report(
                "\(field).apiVersion",
                "is set without kind and name; a whole namespace is given with nothing but namespace"
            )
        }
    }

    fileprivate mutating func alert(_ field: String, _ alert: DiagnosticTask.Alert) {
        text("\(field).name", alert.name, 1...253)
        text("\(field).fingerprint", alert.fingerprint, 0...128)
        texts("\(field).labels", alert.labels, atMost: 64, each: 0...1024)
        texts("\(field).annotations", alert.annotations, atMost: 32, each: 0...2048)
        text("\(field).source", alert.source, 0...63, .word)
    }

    fileprivate mutating func limits(_ field: String, _ limits: DiagnosticTask.Limits) {
        range("\(field).timeoutSeconds", limits.timeoutSeconds, 1...86400)
        range("\(field).maxSteps", limits.maxSteps, 1...100)
        range("\(field).maxTokens", limits.maxTokens, 0...10_000_000)
        text("\(field).maxCostUSD", limits.maxCostUSD, 0...12, .dollars)
        range("\(field).maxRetries", limits.maxRetries, 0...10)
    }
}
