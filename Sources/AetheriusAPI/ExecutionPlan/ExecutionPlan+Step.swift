// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

extension ExecutionPlan {
    /// One step of a plan, or of what a KnowledgeEntry recommends.
    public struct Step: Sendable, Hashable {
        /// ``timeoutSeconds`` where it is nil: 60.
        public static let defaultTimeoutSeconds = 60

        /// Name of the step, a DNS label of at most 63 characters unlike the others'.
        public var name: String
        /// The tool, such as `kubectl`.
        ///
        /// No tool is a shell.
        public var tool: String
        /// What the tool is to do, such as `get_logs`.
        public var action: String
        /// The object to do it to; nil for actions that need none.
        ///
        /// `fieldPath` is not written. When `uid` is set, an object of the same name but another UID is left alone; a
        /// KnowledgeEntry has no room for `uid`.
        public var target: ObjectReference?
        /// Parameters of the action by name, at most 20; numbers, true and false are written as texts too.
        ///
        /// Each at most 1024 characters.
        public var params: [String: String]
        /// Seconds the step may take, 1 to 3600.
        ///
        /// Nil: ``defaultTimeoutSeconds``.
        public var timeoutSeconds: Int?
        /// What happens if the step fails.
        ///
        /// Nil: Stop.
        public var onFailure: FailurePolicy?

        /// Creates a step.
        public init(
            name: String,
            tool: String,
            action: String,
            target: ObjectReference? = nil,
            params: [String: String] = [:],
            timeoutSeconds: Int? = nil,
            onFailure: FailurePolicy? = nil
        ) {
            self.name = name
            self.tool = tool
            self.action = action
            self.target = target
            self.params = params
            self.timeoutSeconds = timeoutSeconds
            self.onFailure = onFailure
        }

        /// Seconds the step may take: as set, else the default.
        public var effectiveTimeoutSeconds: Int { timeoutSeconds ?? Self.defaultTimeoutSeconds }

        /// What happens if the step fails: as set, else Stop.
        public var effectiveOnFailure: FailurePolicy { onFailure ?? .stop }
    }
}

extension ExecutionPlan.Step: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(name: "", tool: "", action: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "tool": try reader.read(into: &tool)
            case "action": try reader.read(into: &action)
            case "target": try reader.read(into: &target)
            case "params": try reader.read(into: &params)
            case "timeoutSeconds": try reader.read(into: &timeoutSeconds)
            case "onFailure": try reader.read(into: &onFailure)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("tool", tool)
            writer.field("action", action)
            writer.field("target", target?.trimmed(keepingUID: true))
            writer.field("params", params.nonEmpty)
            writer.field("timeoutSeconds", timeoutSeconds)
            writer.field("onFailure", onFailure)
        }
    }
}
