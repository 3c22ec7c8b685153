// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A question that the kubelet asks a container again and again.
public struct Probe: Sendable, Hashable {
    /// How it is asked.
    public enum Method: String, Sendable, Hashable {
        /// A command is run in the container.
        case exec
        /// A GET over HTTP.
        case httpGet
        /// A connection is opened.
        case tcpSocket
        /// The health service of gRPC is called.
        case grpc
    }

    /// How it is asked; nil for a way that is not known here.
    public var method: Method?
    /// The port, a number or the name of one of the container's ports, as it is written.
    public var port: String?
    /// The path, if it is asked over HTTP.
    public var path: String?
    /// `HTTP` or `HTTPS`.
    public var scheme: String?
    /// The host that is asked instead of the pod.
    public var host: String?
    /// The command, if one is run.
    public var command: [String] = []
    /// The service that is asked about over gRPC.
    public var service: String?
    /// How long after the start it is asked first.
    public var initialDelaySeconds = 0
    /// How long from one time to the next.
    public var periodSeconds = 10
    /// How long the answer may take.
    public var timeoutSeconds = 1
    /// How often in a row it may fail.
    public var failureThreshold = 3
    /// How often in a row it has to succeed after it has failed.
    public var successThreshold = 1
    /// How long the container may take to end when the probe ends it; nil: as long as the pod allows.
    public var terminationGracePeriodSeconds: Int?

    /// Creates a probe that asks nothing.
    public init() {}
}

extension Probe: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "initialDelaySeconds": try reader.read(into: &initialDelaySeconds)
            case "periodSeconds": try reader.read(into: &periodSeconds)
            case "timeoutSeconds": try reader.read(into: &timeoutSeconds)
            case "failureThreshold": try reader.read(into: &failureThreshold)
            case "successThreshold": try reader.read(into: &successThreshold)
            case "terminationGracePeriodSeconds": try reader.read(into: &terminationGracePeriodSeconds)
            case "exec": try readMethod(.exec, from: &reader)
            case "httpGet": try readMethod(.httpGet, from: &reader)
            case "tcpSocket": try readMethod(.tcpSocket, from: &reader)
            case "grpc": try readMethod(.grpc, from: &reader)
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readMethod(_ method: Method, from reader: inout JSONReader) throws(JSONError) {
        guard try !reader.readNull() else { return }
        self.method = method
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "port": port = try JSONValue(from: &reader).scalarText
            case "path": try reader.read(into: &path)
            case "scheme": try reader.read(into: &scheme)
            case "host": try reader.read(into: &host)
            case "command": try reader.read(into: &command)
            case "service": try reader.read(into: &service)
            default: try reader.skipValue()
            }
        }
    }
}

extension JSONValue {
    /// A string or a whole number as it would be written; nil for anything else.
    fileprivate var scalarText: String? { stringValue ?? integerValue.map { String($0) } }
}
