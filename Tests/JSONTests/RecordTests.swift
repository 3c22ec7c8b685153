// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("Records")
struct RecordTests {
    struct Shelf: JSONRecord, Equatable {
        static let fields = [Field("label", \.label), Field("width", \.width), Field("inner", \.inner)]
        var label = "none"
        var width: Int?
        var inner = Inner()

        struct Inner: JSONRecord, Equatable {
            static let fields = [Field("books", \.books)]
            var books: [String] = ["default"]
        }
    }

    private func read(_ text: String) throws(JSONError) -> Shelf { try JSON.decode(from: Array(text.utf8)) }

    @Test("given all fields in any order and others among them, then each is read into its property")
    func everything() throws {
        let shelf = try read(
            #"{"inner": {"books": ["a"], "x": [{}]}, "other": {"label": 1}, "width": 3, "label": "top"}"#
        )
        #expect(shelf == Shelf(label: "top", width: 3, inner: .init(books: ["a"])))
    }

    @Test(
        "given fields that are absent or null, then the properties keep what they had",
        arguments: [
            "{}", #"{"label": null, "width": null, "inner": null}"#, #"{"inner": {"books": null}}"#,
        ]
    )
    func absent(text: String) throws { #expect(try read(text) == Shelf()) }

    @Test("given a record, then its fields are written in their order, without those that are nil, and read back")
    func writing() throws {
        var shelf = Shelf(label: "a\"b", inner: .init(books: []))
        #expect(String(decoding: JSON.encode(shelf), as: UTF8.self) == #"{"label":"a\"b","inner":{"books":[]}}"#)
        shelf.width = 7
        #expect(
            String(decoding: JSON.encode(shelf), as: UTF8.self) == #"{"label":"a\"b","width":7,"inner":{"books":[]}}"#
        )
        #expect(try JSON.decode(Shelf.self, from: JSON.encode(shelf)) == shelf)
    }

    @Test(
        "given a field of another type, then the error names the path",
        arguments: [
            (#"{"label": 1}"#, "label"), (#"{"inner": {"books": [1]}}"#, "inner.books[0]"), ("[]", ""),
        ]
    )
    func wrongType(text: String, path: String) {
        let error = #expect(throws: JSONError.self) { _ = try read(text) }
        #expect(error?.path == path)
    }
}
