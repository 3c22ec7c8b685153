// SPDX-License-Identifier: Apache-2.0

/// One JSON value as the bytes it is written with, to be understood on demand and passed on unchanged.
///
/// For parts of an object that have to survive a round trip but have no type of their own: nothing is lost, neither
/// white space nor the order of keys nor the notation of numbers. The bytes are checked as ``JSONMode/strict`` does when
/// they are taken in, whatever mode reads the text around them, so that what is passed on is always valid. That checks
/// the nesting by ``JSONReader/maximumDepth`` and sets no other limit; a text from outside is limited as a whole.
///
/// Two are equal if their bytes are.
public struct RawJSON: Sendable, Hashable, CustomStringConvertible {
    /// The value as it is written, without white space around it.
    public let bytes: [UInt8]

    /// Takes a whole text that is one value.
    /// - Throws: ``JSONError`` if the text is not valid.
    public init(_ bytes: [UInt8]) throws(JSONError) { self = try JSON.decode(Self.self, from: bytes) }

    /// Writes a value.
    public init(encoding value: some JSONEncodable) { bytes = JSON.encode(value) }

    /// Reads the value as some type.
    /// - Throws: ``JSONError``, whose offset and path count from the beginning of this value.
    public func decode<Value: JSONDecodable>(_ type: Value.Type = Value.self) throws(JSONError) -> Value {
        try JSON.decode(type, from: bytes)
    }

    /// The value as text.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension RawJSON: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        _ = try reader.nextToken()
        let start = reader.offset
        bytes = try reader.readRaw()
        do {
            try JSON.withReader(bytes) { (part: inout JSONReader) throws(JSONError) in
                try part.checkText(.partOfText)
            }
        } catch {
            // The end of the part is not the end of the text, so the place has to stay inside the part.
            let offset = start + min(error.offset, bytes.count - 1)
            throw JSONError(code: error.code, message: error.message, offset: offset)
        }
    }

    public func encode(to writer: inout JSONWriter) { writer.raw(bytes) }
}
