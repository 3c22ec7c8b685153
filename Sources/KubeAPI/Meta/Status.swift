// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What an API server answers instead of an object: usually why it refused (`metav1.Status`).
public struct Status: Sendable, Hashable {
    /// One of the things that were wrong with a request.
    public struct Cause: Sendable, Hashable {
        /// A word for the cause, such as `FieldValueInvalid`.
        public var reason = ""
        /// A sentence for people.
        public var message = ""
        /// The field of the object that is wrong, such as `spec.severity`.
        public var field = ""

        /// Creates an empty cause.
        public init() {}
    }

    /// `Success` or `Failure`.
    public var status = ""
    /// A sentence for people.
    public var message = ""
    /// A word for programs, such as `NotFound`, `Conflict`, `Expired`.
    public var reason = ""
    /// The HTTP status code.
    public var code = 0
    /// How many seconds the server asks to wait before the next try.
    public var retryAfterSeconds: Int?
    /// The single things that were wrong.
    public var causes: [Cause] = []

    /// Creates a status.
    public init(status: String = "Failure", code: Int = 0, reason: String = "", message: String = "") {
        self.status = status
        self.code = code
        self.reason = reason
        self.message = message
    }
}

extension Status: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(status: "")
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "status": try reader.read(into: &status)
            case "message": try reader.read(into: &message)
            case "reason": try reader.read(into: &reason)
            case "code": try reader.read(into: &code)
            case "details":
                if try reader.readNull() { continue }
                try reader.beginObject()
                while let detail = try reader.nextKey() {
                    switch detail {
                    case "retryAfterSeconds": try reader.read(into: &retryAfterSeconds)
                    case "causes": try reader.read(into: &causes)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", "v1")
            writer.field("kind", "Status")
            writer.field("status", status)
            writer.field("message", message)
            writer.field("reason", reason)
            if retryAfterSeconds != nil || !causes.isEmpty {
                writer.field(
                    "details",
                    object: { writer in
                        writer.field("retryAfterSeconds", retryAfterSeconds)
                        writer.field("causes", causes.isEmpty ? nil : causes)
                    }
                )
            }
            writer.field("code", code)
        }
    }
}

extension Status.Cause: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "reason": try reader.read(into: &reason)
            case "message": try reader.read(into: &message)
            case "field": try reader.read(into: &field)
            default: try reader.skipValue()
            }
        }
    }
    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("reason", reason)
            writer.field("message", message)
            writer.field("field", field.isEmpty ? nil : field)
        }
    }
}
