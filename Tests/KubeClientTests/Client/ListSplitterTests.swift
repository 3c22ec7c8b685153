// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@testable import KubeClient

@Suite("Cutting a list into its objects")
struct ListSplitterTests {
    private func split(_ text: String, every length: Int) -> (elements: [ListSplitter.Element], envelope: String) {
        var splitter = ListSplitter()
        var elements: [ListSplitter.Element] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: length) {
            bytes[start..<min(start + length, bytes.count)].withUnsafeBufferPointer { piece in
                splitter.append(piece) { elements.append($0) }
            }
        }
        return (elements, String(decoding: splitter.envelope, as: UTF8.self))
    }

    private func texts(_ elements: [ListSplitter.Element]) -> [String] {
        elements.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    private static let objects = [
        #"{"metadata":{"name":"a","items":[1,{"x":[]}]}}"#,
        #"{"text":"a \"]}, [{\\","items":["b"],"tail\\":1}"#,
        #"null"#,
        #" {"name":"ä \u0022items\u0022:["} "#,
    ]
    private static let list =
        #"{ "kind":"List","metadata":{"items":"7","selfLink":"\"items\":["},"items" : ["#
        + objects.joined(separator: ",") + #"],"more":{"items":[{"name":"no"}]}}"# + "\n"

    @Test(
        "given a list in pieces of any length, then each object comes once, with its place, and the rest is the envelope",
        arguments: 1...64
    )
    func pieces(length: Int) {
        let (elements, envelope) = split(Self.list, every: length)
        #expect(texts(elements) == Self.objects)
        #expect(elements.map(\.index) == [0, 1, 2, 3])
        let bytes = Array(Self.list.utf8)
        for element in elements {
            #expect(bytes[element.offset...].starts(with: element.bytes))
        }
        #expect(
            envelope == #"{ "kind":"List","metadata":{"items":"7","selfLink":"\"items\":["},"items" : ["#
                + #"],"more":{"items":[{"name":"no"}]}}"# + "\n"
        )
    }

    @Test("given a list without objects, then none comes", arguments: ["[]", "[ \n ]", "null", "{}"])
    func empty(items: String) {
        let text = #"{"items":\#(items),"kind":"List"}"#
        let (elements, _) = split(text, every: 3)
        #expect(elements.isEmpty)
    }

    @Test("given a comma too many, then an element without a value comes, which no reader takes")
    func commas() {
        #expect(texts(split(#"{"items":[1,]}"#, every: 5).elements) == ["1", ""])
        #expect(texts(split(#"{"items":[1,,2]}"#, every: 5).elements) == ["1", "", "2"])
        #expect(texts(split(#"{"items":[,]}"#, every: 5).elements) == ["", ""])
    }

    @Test("given a key that only ends like that of the objects, then it is another key")
    func otherKey() {
        let text = #"{"my\"items":[{"name":"a"}]}"#
        let (elements, envelope) = split(text, every: 4)
        #expect(elements.isEmpty && envelope == text)
    }

    @Test("given brackets that do not match, then what comes out is not valid either", arguments: 1...9)
    func mismatched(length: Int) {
        for text in [#"{"items":[{"a":]}]}"#, #"{"items":[{"a":1}}}"#, #"{"items":[{"a":1]]}"#, #"{"items":[{"a":1}"#] {
            let (elements, envelope) = split(text, every: length)
            let isValid =
                (try? JSON.decode(JSONValue.self, from: envelope)) != nil
                && elements.allSatisfy { (try? JSON.decode(JSONValue.self, from: $0.bytes)) != nil }
            #expect(!isValid, "\(text)")
        }
    }
}
