// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubeAPI

extension ResourceClient {
    /// Reads one page of the collection, object by object.
    ///
    /// Unlike ``list(_:)`` it never holds all decoded objects of the page: `body` may let go of one before the next is
    /// read.
    /// - Parameters:
    ///   - options: what is listed, and how many objects a page holds.
    ///   - body: is called for each object, in the server's order.
    /// - Returns: what the page says about itself.
    /// - Throws: ``KubeError`` with ``KubeError/Code/decoding`` if the answer cannot be understood; `body` may have been
    ///   called by then.
    public func list(_ options: ListOptions, each body: (Object) -> Void) async throws(KubeError) -> ListMeta {
        let request = try listRequest(options)
        let answer = try await client.sendRaw(request)
        var metadata = ListMeta()
        do {
            try JSON.withReader(answer) { (reader: inout JSONReader) throws(JSONError) in
                try reader.beginObject()
                while let key = try reader.nextKey() {
                    switch key {
                    case "kind": try Self.checkKind(try reader.readString(), offset: reader.offset)
                    case "metadata": try reader.read(into: &metadata)
                    case "items": try Self.readItems(from: &reader, body)
                    default: try reader.skipValue()
                    }
                }
                try reader.finish()
            }
        } catch {
            throw request.undecodable(error)
        }
        return metadata
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
