// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What runs on a node.
public struct NodeInfo: Sendable, Hashable {
    /// The version of the kubelet.
    public var kubeletVersion = ""
    /// The container runtime and its version, such as `containerd://1.7.1`.
    public var containerRuntimeVersion = ""
    /// `linux` or `windows`.
    public var operatingSystem = ""
    /// The processor, such as `amd64`.
    public var architecture = ""
    /// The version of the kernel.
    public var kernelVersion = ""

    /// Creates an empty value.
    public init() {}
}

extension NodeInfo: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "kubeletVersion": try reader.read(into: &kubeletVersion)
            case "containerRuntimeVersion": try reader.read(into: &containerRuntimeVersion)
            case "operatingSystem": try reader.read(into: &operatingSystem)
            case "architecture": try reader.read(into: &architecture)
            case "kernelVersion": try reader.read(into: &kernelVersion)
            default: try reader.skipValue()
            }
        }
    }
}

/// An address of a node.
public struct NodeAddress: Sendable, Hashable {
    /// Such as `Hostname`, `InternalIP` or `ExternalIP`.
    public var type = ""
    /// The address.
    public var address = ""

    /// Creates an empty value.
    public init() {}
}

extension NodeAddress: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "type": try reader.read(into: &type)
            case "address": try reader.read(into: &address)
            default: try reader.skipValue()
            }
        }
    }
}
