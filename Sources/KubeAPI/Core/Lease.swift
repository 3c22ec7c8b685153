// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Who holds something, and until when (`coordination.k8s.io/v1`).
public struct Lease: Resource, Hashable {
    public static let apiResource = APIResource(
        group: "coordination.k8s.io",
        version: "v1",
        kind: "Lease",
        plural: "leases"
    )

    public var metadata: ObjectMeta
    /// Who holds the lease; empty or nil if nobody does.
    public var holderIdentity: String?
    /// For how long it is held from the last renewal, in seconds.
    public var leaseDurationSeconds: Int?
    /// When the holder took it.
    public var acquireTime: Timestamp?
    /// When the holder renewed it last.
    public var renewTime: Timestamp?
    /// How often it changed hands.
    public var leaseTransitions: Int?

    /// Creates a lease that nobody holds.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec": if try !reader.readNull() { try readSpec(from: &reader) }
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readSpec(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "holderIdentity": try reader.read(into: &holderIdentity)
            case "leaseDurationSeconds": try reader.read(into: &leaseDurationSeconds)
            case "acquireTime": try reader.read(into: &acquireTime)
            case "renewTime": try reader.read(into: &renewTime)
            case "leaseTransitions": try reader.read(into: &leaseTransitions)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiResource.apiVersion)
            writer.field("kind", Self.apiResource.kind)
            writer.field("metadata", metadata)
            writer.field(
                "spec",
                object: { writer in
                    writer.field("holderIdentity", holderIdentity)
                    writer.field("leaseDurationSeconds", leaseDurationSeconds)
                    writer.field("acquireTime", acquireTime?.microTime)
                    writer.field("renewTime", renewTime?.microTime)
                    writer.field("leaseTransitions", leaseTransitions)
                }
            )
        }
    }
}
