// SPDX-License-Identifier: Apache-2.0

/// Reading and writing whole JSON texts.
public enum JSON {
    /// Lends a reader over some bytes.
    @inlinable
    public static func withReader<Result>(
        _ bytes: [UInt8],
        _ body: (inout JSONReader) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        // The closure's error type does not pass through the standard library's rethrowing call.
        var outcome: Swift.Result<Result, JSONError>?
        bytes.withUnsafeBufferPointer { buffer in
            outcome = run(buffer, body)
        }
        guard let outcome else { preconditionFailure("withUnsafeBufferPointer always calls its closure") }
        return try outcome.get()
    }

    @inlinable
    static func run<Result>(
        _ buffer: UnsafeBufferPointer<UInt8>,
        _ body: (inout JSONReader) throws(JSONError) -> Result
    ) -> Swift.Result<Result, JSONError> {
        // An empty array has no address; with a count of zero nothing is read through this one.
        let nothing: StaticString = ""
        var reader = JSONReader(base: buffer.baseAddress ?? nothing.utf8Start, count: buffer.count)
        do throws(JSONError) {
            return .success(try body(&reader))
        } catch {
            return .failure(error)
        }
    }

    /// Reads a value from a whole text.
    /// - Throws: ``JSONError`` with the byte offset and the path of the field that is wrong.
    @inlinable
    public static func decode<Value: JSONDecodable>(
        _ type: Value.Type = Value.self,
        from bytes: [UInt8]
    ) throws(JSONError) -> Value {
        do {
            return try withReader(bytes) { (reader: inout JSONReader) throws(JSONError) in
                let value = try Value(from: &reader)
                try reader.finish()
                return value
            }
        } catch {
            throw located(error, in: bytes)
        }
    }

    /// Reads a value from a whole text.
    @inlinable
    public static func decode<Value: JSONDecodable>(
        _ type: Value.Type = Value.self,
        from text: String
    ) throws(JSONError) -> Value {
        try decode(type, from: Array(text.utf8))
    }

    /// Writes a value, without white space.
    public static func encode(_ value: some JSONEncodable) -> [UInt8] {
        var writer = JSONWriter()
        value.encode(to: &writer)
        return writer.bytes
    }

    /// Fills in the path of the field at which an error happened.
    @usableFromInline
    static func located(_ error: JSONError, in bytes: [UInt8]) -> JSONError {
        guard error.path.isEmpty else { return error }
        var located = error
        located.path = JSONPath.path(toOffset: error.offset, in: bytes)
        return located
    }
}
