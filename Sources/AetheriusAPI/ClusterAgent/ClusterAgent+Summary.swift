// SPDX-License-Identifier: Apache-2.0
public import JSON

extension ClusterAgent {
    /// A cluster in numbers.
    ///
    /// A number that could not be read is nil.
    public struct Summary: Sendable, Hashable {
        /// Nodes.
        public var nodes: Int?
        /// Nodes that are Ready.
        public var nodesReady: Int?
        /// Pods.
        public var pods: Int?
        /// Pods in phase Running.
        public var podsRunning: Int?
        /// Pods in phase Pending.
        public var podsPending: Int?
        /// Pods in phase Failed.
        public var podsFailed: Int?
        /// Deployments.
        public var deployments: Int?
        /// Deployments with every wanted replica available.
        public var deploymentsHealthy: Int?
        /// StatefulSets.
        public var statefulSets: Int?
        /// DaemonSets.
        public var daemonSets: Int?
        /// Services.
        public var services: Int?
        /// Ingresses.
        public var ingresses: Int?
        /// Namespaces.
        public var namespaces: Int?
        /// Events the API server holds.
        public var events: Int?
        /// Events of type Warning the API server holds.
        public var warningEvents: Int?

        /// Creates a summary of a cluster of which nothing could be read.
        public init() {}
    }
}

extension ClusterAgent.Summary: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "nodes": try reader.read(into: &nodes)
            case "nodesReady": try reader.read(into: &nodesReady)
            case "pods": try reader.read(into: &pods)
            case "podsRunning": try reader.read(into: &podsRunning)
            case "podsPending": try reader.read(into: &podsPending)
            case "podsFailed": try reader.read(into: &podsFailed)
            case "deployments": try reader.read(into: &deployments)
            case "deploymentsHealthy": try reader.read(into: &deploymentsHealthy)
            case "statefulSets": try reader.read(into: &statefulSets)
            case "daemonSets": try reader.read(into: &daemonSets)
            case "services": try reader.read(into: &services)
            case "ingresses": try reader.read(into: &ingresses)
            case "namespaces": try reader.read(into: &namespaces)
            case "events": try reader.read(into: &events)
            case "warningEvents": try reader.read(into: &warningEvents)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("nodes", nodes)
            writer.field("nodesReady", nodesReady)
            writer.field("pods", pods)
            writer.field("podsRunning", podsRunning)
            writer.field("podsPending", podsPending)
            writer.field("podsFailed", podsFailed)
            writer.field("deployments", deployments)
            writer.field("deploymentsHealthy", deploymentsHealthy)
            writer.field("statefulSets", statefulSets)
            writer.field("daemonSets", daemonSets)
            writer.field("services", services)
            writer.field("ingresses", ingresses)
            writer.field("namespaces", namespaces)
            writer.field("events", events)
            writer.field("warningEvents", warningEvents)
        }
    }
}
