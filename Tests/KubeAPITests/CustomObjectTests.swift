// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite("CustomObject")
struct CustomObjectTests {
    private func links(_ spec: String) throws -> CustomObjectLinks {
        try JSON.decode(
            CustomObject.self,
            from: #"{"apiVersion": "example.com/v1", "kind": "X", "metadata": {"name": "x"}, "spec": \#(spec)}"#
        ).links
    }

    @Test(
        "given references by kind and name anywhere in a spec, then they are known, and so are Secrets that are written"
    )
    func spec() throws {
        let links = try links(
            """
            {"issuerRef": {"group": "g", "kind": "Issuer", "name": "a"}, "secretName": "tls",
             "list": [{"deep": {"kind": "Store", "name": "b", "namespace": "far"}}, 3, null, [[{"kind": "Only"}]]],
             "target": {"name": "made", "template": {"type": "Opaque"}}, "name": "none", "kind": 7}
            """
        )
        #expect(
            links.targets == [
                .init(kind: "Issuer", name: "a"), .init(kind: "Store", name: "b", namespace: "far"),
            ]
        )
        #expect(links.secrets == ["tls", "made"])
    }

    @Test(
        "given a spec that is no object, or is deep or has many references, then it is read all the same",
        arguments: [
            "null", "3", #""text""#, "[]",
            String(repeating: #"{"a":["#, count: 40) + String(repeating: "]}", count: 40),
        ]
    )
    func odd(spec: String) throws {
        #expect(try links(spec) == CustomObjectLinks())
        let one = #"{"kind": "K", "name": "n", "secretName": "s"}"#
        let many = try links("[" + Array(repeating: one, count: 100).joined(separator: ",") + "]")
        #expect(many.targets.count == CustomObjectLinks.maximumCount)
        #expect(many.secrets.count == CustomObjectLinks.maximumCount)
    }
}
