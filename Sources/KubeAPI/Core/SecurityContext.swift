// SPDX-License-Identifier: Apache-2.0
public import JSON

/// As whom and how a container runs; a pod has one for all of its containers.
public struct SecurityContext: Sendable, Hashable {
    /// The user.
    public var runAsUser: Int64?
    /// The group.
    public var runAsGroup: Int64?
    /// Whether it must not be root.
    public var runsAsNonRoot: Bool?
    /// Whether it may write to its volumes only.
    public var hasReadOnlyRootFilesystem: Bool?
    /// Whether it may do anything on its node.
    public var isPrivileged: Bool?
    /// The group that the files of its volumes get; only for a pod.
    public var fsGroup: Int64?

    /// Creates an empty value.
    public init() {}
}

extension SecurityContext: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "runAsUser": try reader.read(into: &runAsUser)
            case "runAsGroup": try reader.read(into: &runAsGroup)
            case "runAsNonRoot": try reader.read(into: &runsAsNonRoot)
            case "readOnlyRootFilesystem": try reader.read(into: &hasReadOnlyRootFilesystem)
            case "privileged": try reader.read(into: &isPrivileged)
            case "fsGroup": try reader.read(into: &fsGroup)
            default: try reader.skipValue()
            }
        }
    }
}
