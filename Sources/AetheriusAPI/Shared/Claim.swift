// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubeAPI

/// Says which running agent has taken a task or a plan, so that no other one does.
public struct Claim: Sendable, Hashable {
    /// Id of the agent's instance (``ClusterAgent/AgentReport/instanceID``), at most 128 characters.
    public var holder: String
    /// The attempt the claim is for, counted from 1; for a plan, how often it was claimed.
    public var attempt: Int?
    /// When it was claimed.
    public var claimedAt: Timestamp?

    /// Creates a claim.
    public init(holder: String, attempt: Int? = nil, claimedAt: Timestamp? = nil) {
        self.holder = holder
        self.attempt = attempt
        self.claimedAt = claimedAt
    }
}

extension Claim: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(holder: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "holder": try reader.read(into: &holder)
            case "attempt": try reader.read(into: &attempt)
            case "claimedAt": try reader.read(into: &claimedAt)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("holder", holder)
            writer.field("attempt", attempt)
            writer.field("claimedAt", claimedAt)
        }
    }
}
