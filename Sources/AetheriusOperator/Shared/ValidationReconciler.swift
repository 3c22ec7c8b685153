// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient
import KubeRuntime

/// A kind whose spec is checked, although nothing acts on it yet.
protocol ValidatedResource: Resource {
    /// What is wrong with the spec.
    func validate() -> [FieldError]
    /// The conditions in the status.
    var conditions: [Condition] { get }
    /// What this version does not do with a valid object.
    static var unsupportedMessage: String { get }
}

/// Checks the specs of a kind and says honestly in the conditions that nothing more happens.
struct ValidationReconciler<Object: ValidatedResource>: Reconciler {
    let objects: Store<Object>
    let status: StatusClient<Object>
    let events: EventRecorder

    func reconcile(_ request: ObjectKey) async throws -> ReconcileResult {
        guard let object = objects[request], object.metadata.deletionTimestamp == nil else { return .done }
        let errors = object.validate()
        let standard =
            errors.isEmpty
            ? StandardConditions(state: .stalled, reason: "Unsupported", message: Object.unsupportedMessage)
            : StandardConditions(state: .stalled, reason: "InvalidSpec", message: errors.sentence)
        var conditions = object.conditions
        standard.apply(to: &conditions, generation: object.metadata.generation, at: .now)
        guard conditions != object.conditions else { return .done }
        let applied = conditions
        do throws(KubeError) {
            _ = try await status.apply(object.metadata) { writer in
                writer.field("observedGeneration", object.metadata.generation)
                writer.field("conditions", applied)
            }
        } catch {
            guard error.code == .conflict || error.code == .notFound else { throw error }
            return .requeue(after: .milliseconds(50))
        }
        events.record(.warning, reason: standard.reason, message: standard.message, about: object)
        return .done
    }
}

extension KnowledgeEntry: ValidatedResource {
    var conditions: [Condition] { status.conditions }
    static var unsupportedMessage: String {
        "the entry is valid; this version does not search knowledge yet, so it has no effect on diagnoses"
    }
}

extension ExecutionPlan: ValidatedResource {
    var conditions: [Condition] { status.conditions }
    static var unsupportedMessage: String {
        "the plan is valid; this version does not execute plans yet, so none of its steps will run"
    }
}
