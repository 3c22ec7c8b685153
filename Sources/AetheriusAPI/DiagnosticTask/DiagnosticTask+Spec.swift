// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension DiagnosticTask {
    /// The question and its limits.
    ///
    /// Everything is optional; an empty spec asks what is wrong in the task's own namespace, or in the whole cluster
    /// for a task in the operator's namespace.
    public struct Spec: Sendable, Hashable {
        /// The ClusterAgent of the cluster the question is about; nil for the cluster the operator runs in.
        public var clusterRef: NameReference?
        /// What is broken: an object with `kind` and `name` (and `apiVersion` where the kind alone is ambiguous), or a
        /// whole namespace with nothing but `namespace`.
        ///
        /// `uid` and `fieldPath` are not written.
        public var target: ObjectReference?
        /// The alert that asked.
        public var alert: Alert?
        /// What somebody would like to know, in their words.
        ///
        /// At most 2000 characters.
        public var question: String?
        /// How bad it is; decides how soon the task is taken up.
        ///
        /// Nil: the alert's severity label, else Medium.
        public var severity: Severity?
        /// What looks for the answer.
        ///
        /// Auto unless set.
        public var strategy = Strategy.auto
        /// What the diagnosis may take.
        public var limits = Limits()
        /// What to do with the answer.
        ///
        /// Suggest unless set.
        public var remediation = Remediation.suggest
        /// Where the task came from; without influence on the diagnosis.
        public var origin: Origin?
        /// True ends the task where it is; what was found is kept.
        public var cancel = false
        /// Raised to run the task again.
        ///
        /// At least 0.
        public var retryGeneration: Int64 = 0
        /// Seconds after its end when the task is deleted, 0 to 2147483647; nil if it is kept.
        public var ttlSecondsAfterFinished: Int?
        /// What people think of the answer.
        public var feedback: Feedback?

        /// Creates the spec that asks what is wrong in the task's own namespace.
        public init(clusterRef: NameReference? = nil, target: ObjectReference? = nil, severity: Severity? = nil) {
            self.clusterRef = clusterRef
            self.target = target
            self.severity = severity
        }
    }
}

extension DiagnosticTask.Spec: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "clusterRef": try reader.read(into: &clusterRef)
            case "target": try reader.read(into: &target)
            case "alert": try reader.read(into: &alert)
            case "question": try reader.read(into: &question)
            case "severity": try reader.read(into: &severity)
            case "strategy": try reader.read(into: &strategy)
            case "limits": try reader.read(into: &limits)
            case "remediation": try reader.read(into: &remediation)
            case "origin": try reader.read(into: &origin)
            case "cancel": try reader.read(into: &cancel)
            case "retryGeneration": try reader.read(into: &retryGeneration)
            case "ttlSecondsAfterFinished": try reader.read(into: &ttlSecondsAfterFinished)
            case "feedback": try reader.read(into: &feedback)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("clusterRef", clusterRef)
            writer.field("target", target?.trimmed())
            writer.field("alert", alert)
            writer.field("question", question)
            writer.field("severity", severity)
            writer.field("strategy", strategy)
            writer.field("limits", limits)
            writer.field("remediation", remediation)
            writer.field("origin", origin)
            writer.field("cancel", cancel.onlyTrue)
            writer.field("retryGeneration", retryGeneration.nonZero)
            writer.field("ttlSecondsAfterFinished", ttlSecondsAfterFinished)
            writer.field("feedback", feedback)
        }
    }
}
