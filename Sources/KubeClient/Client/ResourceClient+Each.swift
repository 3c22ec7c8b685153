// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubeAPI

extension ResourceClient {
    /// Reads one page of the collection, object by object, while it arrives.
    ///
    /// Unlike ``list(_:)`` it holds neither the text of the page nor all decoded objects: `body` may let go of one before
    /// the next is read. For that it is not tried again once a part of it has been read: a list that breaks then is an
    /// error, and what was passed on is a part of a list.
    /// - Parameters:
    ///   - options: what is listed, and how many objects a page holds.
    ///   - body: is called for each object, in the server's order.
    /// - Returns: what the page says about itself.
    /// - Throws: ``KubeError`` with ``KubeError/Code/decoding`` if the answer cannot be understood,
    ///   ``KubeError/Code/connection`` if it breaks off; `body` may have been called by then.
    public func list(_ options: ListOptions, each body: (Object) -> Void) async throws(KubeError) -> ListMeta {
        let request = try listRequest(options)
        var splitter = ListSplitter()
        let sharing = JSONSharing()
        try await client.sendInPieces(request) { piece throws(KubeError) in
            do throws(JSONError) {
                try piece.withBytes { bytes throws(JSONError) in
                    try splitter.append(bytes) { element throws(JSONError) in
                        if let beginning = element.beginning { try Self.check(beginning) }
                        body(try Self.object(element, sharing))
                    }
                }
            } catch {
                throw request.undecodable(error)
            }
        }
        do {
            return try Self.metadata(splitter.envelope, body)
        } catch {
            throw request.undecodable(error)
        }
    }

    private static func object(_ element: ListSplitter.Element, _ sharing: JSONSharing) throws(JSONError) -> Object {
        do {
            return try JSON.decode(Object.self, from: element.bytes, sharing: sharing)
        } catch {
            // The place is counted from the start of the answer.
            var error = error
            error.offset += element.offset
            error.path = "items[\(element.index)]" + (error.path.isEmpty ? "" : ".\(error.path)")
            throw error
        }
    }

    /// Refuses a Table before any object is passed on, if the list has said by now that it is one.
    private static func check(_ beginning: [UInt8]) throws(JSONError) {
        _ = try metadata(beginning + Array("]}".utf8)) { _ in }
    }

    private static func metadata(_ envelope: [UInt8], _ body: (Object) -> Void) throws(JSONError) -> ListMeta {
        try JSON.withReader(envelope) { (reader: inout JSONReader) throws(JSONError) in
            var metadata = ListMeta()
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "kind": try checkKind(try reader.readString(), offset: reader.offset)
                case "metadata": try reader.read(into: &metadata)
                case "items": try readItems(from: &reader, body)
                default: try reader.skipValue()
                }
            }
            try reader.finish()
            return metadata
        }
    }

    private static func readItems(from reader: inout JSONReader, _ body: (Object) -> Void) throws(JSONError) {
        if try reader.readNull() { return }
        try reader.beginArray()
        while try reader.nextElement() { body(try Object(from: &reader)) }
    }

    private static func checkKind(_ kind: String, offset: Int) throws(JSONError) {
        guard kind != "Table" else {
            throw JSONError(code: .invalidValue, message: "a Table is no list of objects", offset: offset)
        }
    }
}

extension [UInt8] {
    /// Lends the bytes; unlike the standard library's method, with a typed error.
    fileprivate func withBytes<Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var outcome = Result<Void, Failure>.success(())
        withUnsafeBufferPointer { buffer in
            do throws(Failure) { try body(buffer) } catch { outcome = .failure(error) }
        }
        try outcome.get()
    }
}
