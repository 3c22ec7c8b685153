// SPDX-License-Identifier: Apache-2.0
public import JSON

extension ExecutionPlan {
    /// The steps of a plan, where they run and who decided so.
    public struct Spec: Sendable, Hashable {
        /// ``expiresAfterSeconds`` where it is nil: 3600.
        public static let defaultExpiresAfterSeconds = 3600

        /// The ClusterAgent of the cluster the steps run in; nil for the cluster the operator runs in.
        public var clusterRef: NameReference?
        /// The DiagnosticTask in the same namespace whose answer the plan comes from.
        public var taskRef: NameReference?
        /// Whether the steps may change anything.
        ///
        /// ReadOnly unless set.
        public var mode = Mode.readOnly
        /// What is done, in this order: 1 to 20.
        ///
        /// Cannot be changed afterwards.
        public var steps: [Step]
        /// What whoever proposed the plan expects of it.
        ///
        /// Nothing is decided by it.
        public var strategy: Strategy?
        /// The decision about the plan.
        ///
        /// Needed in mode Mutating.
        public var approval: Approval?
        /// True checks every step, and what the server would say to it, and changes nothing.
        public var dryRun = false
        /// Seconds from its creation within which the plan must have been approved and begun, 1 to 604800 (a week).
        ///
        /// Nil: ``defaultExpiresAfterSeconds``.
        public var expiresAfterSeconds: Int?
        /// Seconds all steps together may take once begun, 1 to 86400.
        ///
        /// Nil: only the steps' own timeouts count.
        public var activeDeadlineSeconds: Int?
        /// True stops the plan before its next step.
        public var cancel = false

        /// Creates the spec of a plan in the cluster the operator runs in.
        public init(
            clusterRef: NameReference? = nil,
            taskRef: NameReference? = nil,
            mode: Mode = .readOnly,
            steps: [Step]
        ) {
            self.clusterRef = clusterRef
            self.taskRef = taskRef
            self.mode = mode
            self.steps = steps
        }

        /// Seconds from its creation within which the plan must have been begun: as set, else the default.
        public var effectiveExpiresAfterSeconds: Int { expiresAfterSeconds ?? Self.defaultExpiresAfterSeconds }
    }
}

extension ExecutionPlan.Spec: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(steps: [])
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "clusterRef": try reader.read(into: &clusterRef)
            case "taskRef": try reader.read(into: &taskRef)
            case "mode": try reader.read(into: &mode)
            case "steps": try reader.read(into: &steps)
            case "strategy": try reader.read(into: &strategy)
            case "approval": try reader.read(into: &approval)
            case "dryRun": try reader.read(into: &dryRun)
            case "expiresAfterSeconds": try reader.read(into: &expiresAfterSeconds)
            case "activeDeadlineSeconds": try reader.read(into: &activeDeadlineSeconds)
            case "cancel": try reader.read(into: &cancel)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("clusterRef", clusterRef)
            writer.field("taskRef", taskRef)
            writer.field("mode", mode)
            writer.field("steps", steps)
            writer.field("strategy", strategy)
            writer.field("approval", approval)
            writer.field("dryRun", dryRun.onlyTrue)
            writer.field("expiresAfterSeconds", expiresAfterSeconds)
            writer.field("activeDeadlineSeconds", activeDeadlineSeconds)
            writer.field("cancel", cancel.onlyTrue)
        }
    }
}
