// SPDX-License-Identifier: Apache-2.0
import JSON

/// A question in the form of an object that nobody keeps: it has a spec, and the server answers with its status.
enum Review {
    static let authentication = "authentication.k8s.io/v1"
    static let authorization = "authorization.k8s.io/v1"

    /// The question's text.
    /// - Parameter writeSpec: writes the fields of the spec.
    static func body(_ kind: String, _ apiVersion: String, _ writeSpec: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("apiVersion", apiVersion)
            writer.field("kind", kind)
            writer.field("spec", object: writeSpec)
        }
        return writer.bytes
    }
}

extension KubernetesClient {
    /// Asks a question at the path that all questions of its kind have.
    /// - Parameter spec: writes the fields of the spec.
    func review<Answer: JSONDecodable>(
        _ kind: String,
        _ apiVersion: String,
        spec: (inout JSONWriter) -> Void
    ) async throws(KubeError) -> Answer {
        try await review(kind, apiVersion, at: "/apis/\(apiVersion)/\(kind.lowercased())s", spec: spec)
    }

    /// Asks a question at a path of its own.
    /// - Parameter spec: writes the fields of the spec.
    func review<Answer: JSONDecodable>(
        _ kind: String,
        _ apiVersion: String,
        at path: String,
        spec: (inout JSONWriter) -> Void
    ) async throws(KubeError) -> Answer {
        var request = Request(method: .post, path: path)
        request.body = Review.body(kind, apiVersion, spec)
        return try await send(request)
    }
}

extension JSONReader {
    /// Reads the status of an answer and skips all else of it.
    /// - Parameter readField: reads the value of a field, or skips it.
    mutating func readStatus(
        _ readField: (_ field: JSONKey, _ reader: inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        try beginObject()
        while let key = try nextKey() {
            guard case "status" = key else {
                try skipValue()
                continue
            }
            try beginObject()
            while let field = try nextKey() { try readField(field, &self) }
        }
    }
}
