// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A directory that containers of a pod share, or find something in.
public struct Volume: Sendable, Hashable {
    /// The name, unique within the pod.
    public var name = ""
    /// The claim, if it is one.
    public var claimName: String?
    /// The claim that is made with the pod, named `<pod>-<volume>`, if there is one.
    public var ephemeralClaim: ClaimSpec?
    /// The ConfigMap, if it is one.
    public var configMap: VolumeProjection?
    /// The Secret, if it is one.
    public var secret: VolumeProjection?
    /// Several of those in one directory.
    public var projected: [ProjectedSource] = []
    /// The path on the node, if it is one.
    public var hostPath: String?
    /// What has to be at that path, such as `Directory`.
    public var hostPathType: String?
    /// The server, if it is NFS.
    public var nfsServer: String?
    /// The path on that server.
    public var nfsPath: String?
    /// The driver, if it is made by one for this pod.
    public var csiDriver: String?

    /// Creates an empty value.
    public init() {}
}

extension Volume: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            case "persistentVolumeClaim":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "claimName": try reader.read(into: &claimName)
                    default: try reader.skipValue()
                    }
                }
            case "ephemeral":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "volumeClaimTemplate":
                        try reader.readFields { (key, reader) throws(JSONError) in
                            switch key {
                            case "spec": try reader.read(into: &ephemeralClaim)
                            default: try reader.skipValue()
                            }
                        }
                    default: try reader.skipValue()
                    }
                }
            case "configMap": try reader.readShared(into: &configMap)
            case "secret": try reader.readShared(into: &secret)
            case "projected":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "sources": try reader.readShared(into: &projected)
                    default: try reader.skipValue()
                    }
                }
            case "hostPath":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "path": try reader.read(into: &hostPath)
                    case "type": try reader.read(into: &hostPathType)
                    default: try reader.skipValue()
                    }
                }
            case "nfs":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "server": try reader.read(into: &nfsServer)
                    case "path": try reader.read(into: &nfsPath)
                    default: try reader.skipValue()
                    }
                }
            case "csi":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "driver": try reader.read(into: &csiDriver)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}

/// A ConfigMap or Secret as a directory.
public struct VolumeProjection: Sendable, Hashable {
    /// The ConfigMap.
    public var name = ""
    /// The Secret, where it stands by itself.
    public var secretName = ""
    /// The settings that are wanted; empty: all that there are.
    public var items: [KeyPath] = []
    /// Whether a pod starts without it.
    public var isOptional = false

    /// Creates an empty value.
    public init() {}

    /// The name of the ConfigMap or Secret.
    public var objectName: String { name.isEmpty ? secretName : name }

    /// A setting, and the file that it becomes.
    public struct KeyPath: Sendable, Hashable {
        /// The setting.
        public var key = ""
        /// The file.
        public var path = ""

        /// Creates an empty value.
        public init() {}
    }
}

extension VolumeProjection: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "name": try reader.read(into: &name)
            case "secretName": try reader.read(into: &secretName)
            case "items": try reader.read(into: &items)
            case "optional": try reader.read(into: &isOptional)
            default: try reader.skipValue()
            }
        }
    }
}

extension VolumeProjection.KeyPath: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "key": try reader.read(into: &self.key)
            case "path": try reader.read(into: &path)
            default: try reader.skipValue()
            }
        }
    }
}

/// One of several things in a directory.
public struct ProjectedSource: Sendable, Hashable {
    /// A ConfigMap.
    public var configMap: VolumeProjection?
    /// A Secret.
    public var secret: VolumeProjection?
    /// For whom a token is, if it is one.
    public var tokenAudience: String?

    /// Creates an empty value.
    public init() {}
}

extension ProjectedSource: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "configMap": try reader.readShared(into: &configMap)
            case "secret": try reader.readShared(into: &secret)
            case "serviceAccountToken":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "audience": try reader.read(into: &tokenAudience)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
