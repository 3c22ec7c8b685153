// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import Testing

@Suite("WatchEvent: one line of a watch")
struct WatchEventTests {
    private func decode(_ text: String) throws(JSONError) -> WatchEvent<Lease> { try JSON.decode(from: text) }

    @Test(
        "given a change, when the type stands before or behind the object, then it is read the same",
        arguments: ["ADDED", "MODIFIED", "DELETED"]
    )
    func changes(type: String) throws {
        let object = #"{"metadata":{"name":"a","resourceVersion":"5"},"spec":{"holderIdentity":"h"}}"#
        for text in [
            "{\"type\":\"\(type)\",\"object\":\(object)}", "{\"object\":\(object),\"type\":\"\(type)\"}",
            "{\"x\":[1], \"object\" : \(object) ,\"type\":\"\(type)\",\"y\":{}}",
        ] {
            let found: (String, Lease)? =
                switch try decode(text) {
                case .added(let lease): ("ADDED", lease)
                case .modified(let lease): ("MODIFIED", lease)
                case .deleted(let lease): ("DELETED", lease)
                case .bookmark, .error: nil
                }
            #expect(found?.0 == type)
            #expect(found?.1.metadata.name == "a")
            #expect(found?.1.holderIdentity == "h")
        }
    }

    @Test("given an ERROR with 410, when it is read, then it stands for expired")
    func expired() throws {
        let status =
            #"{"kind":"Status","status":"Failure","message":"too old resource version","reason":"Expired","code":410}"#
        for text in ["{\"type\":\"ERROR\",\"object\":\(status)}", "{\"object\":\(status),\"type\":\"ERROR\"}"] {
            guard case .error(let status) = try decode(text) else {
                Issue.record("it is no error")
                return
            }
            #expect(status.code == 410)
            #expect(KubeError(status: status).code == .expired)
        }
    }

    @Test(
        "given a bookmark, when it is read, then only the annotation with the value true ends the initial events",
        arguments: [
            (#"{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}"#, true),
            (#"{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"false"}}"#, false),
            (#"{"resourceVersion":"9","annotations":{"other":"true"}}"#, false),
            (#"{"resourceVersion":"9","annotations":null,"creationTimestamp":null}"#, false),
        ]
    )
    func bookmarks(metadata: String, ends: Bool) throws {
        let text = "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Lease\",\"metadata\":\(metadata),\"spec\":{}}}"
        guard case .bookmark(let bookmark) = try decode(text) else {
            Issue.record("it is no bookmark")
            return
        }
        #expect(bookmark == WatchEvent<Lease>.Bookmark(resourceVersion: "9", endsInitialEvents: ends))
    }

    @Test(
        "given a line that is no event, when it is read, then it is refused",
        arguments: [
            "", "{}", "[]", #"{"type":"ADDED"}"#, #"{"object":{}}"#, #"{"type":"RENAMED","object":{}}"#,
            #"{"type":5,"object":{}}"#, #"{"type":"ADDED","object":[]}"#, #"{"type":"ADDED","object":{}"#,
            #"{"kind":"Status","status":"Failure"}"#,
        ]
    )
    func notEvents(text: String) {
        #expect(throws: JSONError.self) { try decode(text) }
    }

    @Test("given a bad field, when the object stands first, then the error names the same place as otherwise")
    func errorPlace() throws {
        let object = #"{"metadata":{"name":5}}"#
        for text in [
            "{\"type\":\"ADDED\",\"object\":\(object)}", "{\"object\":  \(object),\"type\":\"ADDED\"}",
        ] {
            let error = try #require(throws: JSONError.self) { try decode(text) }
            #expect(error.path == "object.metadata.name")
            #expect(Array(text.utf8)[error.offset] == UInt8(ascii: "5"))
        }
    }
}
