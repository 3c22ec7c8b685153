// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import JSON
import KubeAPI

/// The part of a task's spec that asks the question: only a change of it makes the task run again.
struct TaskInput: JSONEncodable {
    let spec: DiagnosticTask.Spec

    /// What `status.inputHash` records.
    var hash: String { Hash.sha256(JSON.encode(self)) }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("clusterRef", spec.clusterRef)
            writer.field("target", spec.target)
            writer.field("alert", spec.alert)
            writer.field("question", spec.question)
            writer.field("strategy", spec.strategy)
            writer.field("limits", spec.limits)
            writer.field("remediation", spec.remediation)
            writer.field("retryGeneration", spec.retryGeneration)
        }
    }
}
