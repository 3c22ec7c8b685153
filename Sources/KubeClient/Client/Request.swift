// SPDX-License-Identifier: Apache-2.0
import JSON

/// One request to an API server, before the transport knows of it.
struct Request: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    var method: Method
    /// The path, from the root of the server.
    var path: String
    /// The query as it goes on the wire.
    private(set) var query = ""
    var body: [UInt8]?
    var contentType = "application/json"
    var accept = "application/json"
    /// The time that the whole request may take; nil for a stream.
    var timeout: Duration? = .seconds(30)
    /// The time that a stream may be silent.
    var idleTimeout: Duration?
    /// The time after which the status has to be there; nil for no limit but ``timeout``.
    var responseTimeout: Duration?
    /// What is tried again; nil for what the client's configuration says.
    var retries: RetryPolicy?
    /// A header, as it stands in the request, by which the server can join a trace.
    var traceHeader: String?

    init(method: Method, path: String) {
        self.method = method
        self.path = path
    }

    mutating func setBody(_ value: some JSONEncodable) { body = JSON.encode(value) }

    /// Adds a query parameter, or nothing if the value is nil.
    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        query += (query.isEmpty ? "?" : "&") + name + "=" + Self.percentEncoded(value)
    }

    /// Checks a name that becomes one segment of a path.
    ///
    /// A server decodes the path before it takes it apart, so encoding a slash would not keep it inside its segment;
    /// and an empty name would stand for the whole collection, which matters most when deleting.
    static func checkSegment(_ name: String) throws(KubeError) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"): false
            default: byte > 0x20 && byte < 0x7F
            }
        }
        guard isPlain, !name.isEmpty, name != ".", name != ".." else {
            throw KubeError(code: .badRequest, message: "'\(name)' cannot be the name of an object")
        }
    }

    /// Encodes all but RFC 3986's unreserved characters.
    static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.append(byte)
            default:
                output.append(contentsOf: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]])
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
