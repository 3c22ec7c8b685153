// SPDX-License-Identifier: Apache-2.0

/// Reading and writing whole JSON texts.
///
/// There are two ways to read. ``JSONMode/lenient``, the default, is for texts of an API server and for what this
/// process has written itself: it looks at what it reads and passes over the rest by its brackets and quotes, takes the
/// last of two equal keys, and puts U+FFFD where a string is not valid Unicode. ``JSONMode/strict`` is for everything
/// from outside, such as files, agents and webhooks: it first checks the whole text by RFC 8259, also the parts that
/// nobody reads, refuses equal keys and whatever is not valid Unicode, and holds to ``JSONLimits``. What strict takes,
/// lenient takes with the same result.
///
/// Neither crashes or reads beyond the text, whatever is in it, and both nest at most ``JSONReader/maximumDepth`` levels
/// of what is read.
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
    /// - Parameters:
    ///   - type: what it is read as.
    ///   - bytes: the whole text, in UTF-8.
    ///   - mode: ``JSONMode/strict`` for a text from outside.
    /// - Throws: ``JSONError`` with the byte offset and the path of the field that is wrong.
    @inlinable
    public static func decode<Value: JSONDecodable>(
        _ type: Value.Type = Value.self,
        from bytes: [UInt8],
        mode: JSONMode = .lenient
    ) throws(JSONError) -> Value {
        if let limits = mode.limits { try check(bytes, limits: limits) }
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

    /// Reads a value from a whole text that repeats others.
    /// - Parameters:
    ///   - type: what it is read as.
    ///   - bytes: the whole text.
    ///   - sharing: what the values of this text may share with those of others.
    /// - Throws: ``JSONError`` with the byte offset and the path of the field that is wrong.
    @inlinable
    public static func decode<Value: JSONDecodable>(
        _ type: Value.Type = Value.self,
        from bytes: [UInt8],
        sharing: JSONSharing
    ) throws(JSONError) -> Value {
        do {
            return try withReader(bytes) { (reader: inout JSONReader) throws(JSONError) in
                reader.sharing = sharing
                let value = try Value(from: &reader)
                try reader.finish()
                return value
            }
        } catch {
            throw located(error, in: bytes)
        }
    }

    /// Reads a value from a whole text.
    /// - Parameters:
    ///   - type: what it is read as.
    ///   - text: the whole text.
    ///   - mode: ``JSONMode/strict`` for a text from outside.
    /// - Throws: ``JSONError`` with the byte offset and the path of the field that is wrong.
    @inlinable
    public static func decode<Value: JSONDecodable>(
        _ type: Value.Type = Value.self,
        from text: String,
        mode: JSONMode = .lenient
    ) throws(JSONError) -> Value {
        try decode(type, from: Array(text.utf8), mode: mode)
    }

    /// Checks a whole text as ``JSONMode/strict`` does, without reading it.
    ///
    /// For bytes that are to be passed on as they are. It takes time in proportion to the text, and memory in proportion
    /// to the keys of the objects that are open at one time: at most about 60 bytes for each.
    /// - Throws: ``JSONError`` with the byte offset and the path of the field that is wrong.
    public static func check(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        do {
            try withReader(bytes) { (reader: inout JSONReader) throws(JSONError) in try reader.checkText(limits) }
        } catch {
            throw located(error, in: bytes)
        }
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
