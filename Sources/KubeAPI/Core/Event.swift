// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Something that happened to an object (core `v1`).
public struct Event: Resource, Hashable {
    public static let apiResource = APIResource(group: "", version: "v1", kind: "Event", plural: "events")

    public var metadata: ObjectMeta
    /// What it happened to.
    public var involvedObject = ObjectReference()
    /// A CamelCase word for programs.
    public var reason = ""
    /// A sentence for people.
    public var message = ""
    /// `Normal` or `Warning`.
    public var type = ""
    /// How often it happened.
    public var count: Int?
    /// How often it happened, for repeated events written through `events.k8s.io`.
    ///
    /// It is not written back.
    public var seriesCount: Int?
    /// When it happened first.
    public var firstTimestamp: Timestamp?
    /// When it happened last.
    public var lastTimestamp: Timestamp?
    /// When it happened, for events written through `events.k8s.io`.
    public var eventTime: Timestamp?
    /// The component that reports it.
    public var sourceComponent = ""
    /// The node that the component runs on.
    public var sourceHost = ""
    /// The controller that reports it, for events written through `events.k8s.io`.
    public var reportingController = ""
    /// The instance of that controller.
    public var reportingInstance = ""
    /// What was done or failed, for events written through `events.k8s.io`.
    public var action: String?

    /// Creates an empty event.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    /// When the event was last seen, by whichever of its times is filled.
    public var lastSeen: Timestamp? { lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "involvedObject": try reader.read(into: &involvedObject)
            case "reason": try reader.read(into: &reason)
            case "message": try reader.read(into: &message)
            case "type": try reader.read(into: &type)
            case "count": try reader.read(into: &count)
            case "firstTimestamp": try reader.read(into: &firstTimestamp)
            case "lastTimestamp": try reader.read(into: &lastTimestamp)
            case "eventTime": try reader.read(into: &eventTime)
            case "series":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "count": try reader.read(into: &seriesCount)
                    default: try reader.skipValue()
                    }
                }
            case "source": if try !reader.readNull() { try readSource(from: &reader) }
            case "reportingComponent": try reader.read(into: &reportingController)
            case "reportingInstance": try reader.read(into: &reportingInstance)
            case "action": try reader.read(into: &action)
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readSource(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "component": try reader.read(into: &sourceComponent)
            case "host": try reader.read(into: &sourceHost)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiResource.apiVersion)
            writer.field("kind", Self.apiResource.kind)
            writer.field("metadata", metadata)
            writer.field("involvedObject", involvedObject)
            writer.field("reason", reason)
            writer.field("message", message)
            writer.field("type", type)
            writer.field("count", count)
            writer.field("firstTimestamp", firstTimestamp)
            writer.field("lastTimestamp", lastTimestamp)
            writer.field("eventTime", eventTime?.microTime)
            writer.field(
                "source",
                object: { writer in
                    writer.field("component", sourceComponent.isEmpty ? nil : sourceComponent)
                    writer.field("host", sourceHost.isEmpty ? nil : sourceHost)
                }
            )
            writer.field("reportingComponent", reportingController)
            writer.field("reportingInstance", reportingInstance)
            writer.field("action", action)
        }
    }
}
