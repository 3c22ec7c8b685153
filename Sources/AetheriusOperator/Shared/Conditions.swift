// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// The conditions that tools such as kstatus and Argo CD read, and that a Job has.
struct StandardConditions {
    /// How far the work on an object is.
    enum State {
        /// Work goes on.
        case reconciling
        /// The spec is fulfilled.
        case ready
        /// Nothing more happens until somebody changes something.
        case stalled
    }

    var state: State
    /// A CamelCase word.
    var reason: String
    /// A sentence.
    var message: String

    /// Sets `Ready`, `Reconciling` and `Stalled`.
    func apply(to conditions: inout [Condition], generation: Int64?, at now: Timestamp) {
        set(ConditionType.ready, state == .ready, in: &conditions, generation, now)
        set(ConditionType.reconciling, state == .reconciling, in: &conditions, generation, now)
        set(ConditionType.stalled, state == .stalled, in: &conditions, generation, now)
    }

    /// Sets `Complete` and `Failed`, which tell the two ways to end apart.
    func applyOutcome(
        complete: Bool,
        failed: Bool,
        to conditions: inout [Condition],
        generation: Int64?,
        at now: Timestamp
    ) {
        set(ConditionType.complete, complete, in: &conditions, generation, now)
        set(ConditionType.failed, failed, in: &conditions, generation, now)
    }

    private func set(
        _ type: String,
        _ holds: Bool,
        in conditions: inout [Condition],
        _ generation: Int64?,
        _ now: Timestamp
    ) {
        conditions.set(
            Condition(
                type: type,
                status: holds ? .true : .false,
                reason: reason,
                // A condition that does not hold has nothing to say; Ready always tells where things are.
                message: holds || type == ConditionType.ready ? message.bounded(toUTF8: 1024) : "",
                observedGeneration: generation
            ),
            at: now
        )
    }
}

extension [FieldError] {
    /// The errors as one sentence for a condition.
    var sentence: String { map(\.description).joined(separator: "; ") }
}
