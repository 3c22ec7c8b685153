// SPDX-License-Identifier: Apache-2.0
public import JSON

extension ClusterAgent {
    /// An agent's Deployment.
    public struct AgentSettings: Sendable, Hashable {
        /// Container image, at most 1024 characters; nil for the operator's own image.
        public var image: String?
        /// Resources of the container.
        ///
        /// Nil: ``ContainerResources/default``.
        public var resources: ContainerResources?
        /// Labels a node must carry for the agent to run there.
        ///
        /// At most 32.
        public var nodeSelector: [String: String] = [:]
        /// Taints of nodes the agent puts up with.
        ///
        /// At most 32.
        public var tolerations: [Toleration] = []

        /// Creates the settings that hold where nothing is said.
        public init() {}

        /// Resources of the container: as set, else the default.
        public var effectiveResources: ContainerResources { resources ?? .default }
    }

    /// Resources of a container as quantities such as `100m` or `128Mi`, at most 16 of each sort.
    public struct ContainerResources: Sendable, Hashable {
        /// What an agent gets where nothing is said: requests of 100m CPU and 128Mi memory, limits of 250m CPU and
        /// 256Mi memory.
        public static let `default` = ContainerResources(
            requests: ["cpu": "100m", "memory": "128Mi"],
            limits: ["cpu": "250m", "memory": "256Mi"]
        )

        /// Amounts reserved for the container, by resource.
        public var requests: [String: String]
        /// Amounts the container may use at most, by resource.
        public var limits: [String: String]

        /// Creates resources.
        public init(requests: [String: String] = [:], limits: [String: String] = [:]) {
            self.requests = requests
            self.limits = limits
        }
    }

    /// A taint that a pod puts up with, as in a pod.
    public struct Toleration: Sendable, Hashable {
        /// Key of the taint; nil together with operator Exists for every taint.
        ///
        /// At most 317 characters.
        public var key: String?
        /// How ``value`` is compared.
        ///
        /// Nil: Equal.
        public var `operator`: Comparison?
        /// Value of the taint, for operator Equal.
        ///
        /// At most 63 characters.
        public var value: String?
        /// What the taint does; nil for every effect.
        public var effect: Effect?
        /// Seconds the agent stays on a node after a NoExecute taint appears; nil for as long as the node is there.
        public var tolerationSeconds: Int64?

        /// Creates a toleration of nothing in particular.
        public init() {}

        /// How the value of a taint is compared.
        public struct Comparison: Vocabulary {
            public var rawValue: String

            public init(rawValue: String) { self.rawValue = rawValue }

            /// Any value fits.
            public static let exists = Self(rawValue: "Exists")
            /// Only this value fits.
            public static let equal = Self(rawValue: "Equal")

            public static let known: [Comparison] = [.exists, .equal]
        }

        /// What a taint does to pods that do not put up with it.
        public struct Effect: Vocabulary {
            public var rawValue: String

            public init(rawValue: String) { self.rawValue = rawValue }

            /// They are not scheduled to the node.
            public static let noSchedule = Self(rawValue: "NoSchedule")
            /// They are scheduled to the node only if there is no other.
            public static let preferNoSchedule = Self(rawValue: "PreferNoSchedule")
            /// They are evicted.
            public static let noExecute = Self(rawValue: "NoExecute")

            public static let known: [Effect] = [.noSchedule, .preferNoSchedule, .noExecute]
        }
    }
}

extension ClusterAgent.AgentSettings: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "image": try reader.read(into: &image)
            case "resources": try reader.read(into: &resources)
            case "nodeSelector": try reader.read(into: &nodeSelector)
            case "tolerations": try reader.read(into: &tolerations)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("image", image)
            writer.field("resources", resources)
            writer.field("nodeSelector", nodeSelector.nonEmpty)
            writer.field("tolerations", tolerations.nonEmpty)
        }
    }
}

extension ClusterAgent.ContainerResources: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "requests": try reader.read(into: &requests)
            case "limits": try reader.read(into: &limits)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("requests", requests.nonEmpty)
            writer.field("limits", limits.nonEmpty)
        }
    }
}

extension ClusterAgent.Toleration: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let field = try reader.nextKey() {
            switch field {
            case "key": try reader.read(into: &key)
            case "operator": try reader.read(into: &`operator`)
            case "value": try reader.read(into: &value)
            case "effect": try reader.read(into: &effect)
            case "tolerationSeconds": try reader.read(into: &tolerationSeconds)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("key", key)
            writer.field("operator", `operator`)
            writer.field("value", value)
            writer.field("effect", effect)
            writer.field("tolerationSeconds", tolerationSeconds)
        }
    }
}
