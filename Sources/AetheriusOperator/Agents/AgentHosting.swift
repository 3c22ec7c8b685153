// SPDX-License-Identifier: Apache-2.0

/// What the operator's configuration says about the agents that it looks after.
public struct AgentHosting: Sendable, Hashable {
    /// Whether there may be agents besides the operator itself; without them it needs no rights for them.
    public var isEnabled = true
    /// Image of agents that do not name one; nil if they have to.
    public var image: String?
    /// URL of the operator's API server as seen from other clusters; nil if each ClusterAgent has to name it.
    public var hubServer: String?
    /// File with the certificates that agents trust for that server, as PEM; nil for the operator's own.
    public var hubAuthority: String?
    /// Proxy that agents go through to that server.
    public var hubProxy: String?

    /// Creates settings that leave everything to the ClusterAgents.
    public init() {}
}
