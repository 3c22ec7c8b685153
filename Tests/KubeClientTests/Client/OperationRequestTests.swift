// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeTesting
import Testing

@testable import KubeClient

@Suite("What operations put on the wire", .timeLimit(.minutes(5)))
struct OperationRequestTests {
    /// Runs calls against a server that accepts everything, and returns what it saw.
    private func requests(
        answering body: String = "{}",
        _ calls: (KubernetesClient) async throws -> Void
    ) async throws -> [ScriptedHTTPServer.Request] {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(200, body) }) { server, client in
            try await calls(client)
            _ = try? await client.get(path: "/end")
            var seen: [ScriptedHTTPServer.Request] = []
            for await case .request(let request) in server.events {
                if request.target == "/end" { break }
                seen.append(request)
            }
            return seen
        }
    }

    @Test("given options for a write, when it is sent, then they are in the query")
    func writeOptions() async throws {
        let seen = try await requests { client in
            let pods = client.resources(Pod.self, namespace: "n")
            let pod = Pod(metadata: ObjectMeta(name: "a"))
            _ = try await pods.create(pod, WriteOptions(dryRun: true))
            _ = try await pods.update(pod, fieldManager: "m", WriteOptions(fieldValidation: .strict))
            _ = try await pods.patch("a", .merge([:] as JSONValue), WriteOptions(dryRun: true, fieldValidation: .warn))
        }
        #expect(
            seen.map(\.target) == [
                "/api/v1/namespaces/n/pods?dryRun=All",
                "/api/v1/namespaces/n/pods/a?fieldManager=m&fieldValidation=Strict",
                "/api/v1/namespaces/n/pods/a?dryRun=All&fieldValidation=Warn",
            ]
        )
    }

    @Test("given each sort of patch, when it is sent, then its media type and body are the right ones")
    func patches() async throws {
        let seen = try await requests { client in
            let pods = client.resources(Pod.self, namespace: "n")
            let place = JSONPointer("metadata", "annotations", "a/b~c")
            _ = try await pods.patch(
                "a",
                .json([
                    .test(JSONPointer("spec", "x"), 1), .add(place, "v"), .replace(place, nil), .remove(place),
                    .move(from: JSONPointer("a"), to: JSONPointer("b", "-")),
                    .copy(from: JSONPointer(), to: JSONPointer("")),
                ])
            )
            _ = try await pods.patch("a", .strategicMerge(["spec": ["a": nil]] as JSONValue, fieldManager: "m"))
        }
        #expect(
            seen.map { $0.headers["content-type"] } == [
                "application/json-patch+json", "application/strategic-merge-patch+json",
            ]
        )
        #expect(
            seen[0].body == "["
                + #"{"op":"test","path":"/spec/x","value":1},"#
                + #"{"op":"add","path":"/metadata/annotations/a~1b~0c","value":"v"},"#
                + #"{"op":"replace","path":"/metadata/annotations/a~1b~0c","value":null},"#
                + #"{"op":"remove","path":"/metadata/annotations/a~1b~0c"},"#
                + #"{"op":"move","from":"/a","path":"/b/-"},"# + #"{"op":"copy","from":"","path":"/"}]"#
        )
        #expect(seen[1].body == #"{"spec":{"a":null}}"#)
        #expect(seen[1].target.hasSuffix("?fieldManager=m"))
    }

    @Test(
        "given an apply that no server takes, when it is made, then it is refused, by name of the field, before it is sent",
        arguments: [
            ("", ["apiVersion": "v1", "kind": "Pod"], "field manager"),
            (String(repeating: "m", count: 129), ["apiVersion": "v1", "kind": "Pod"], "field manager"),
            ("a\nb", ["apiVersion": "v1", "kind": "Pod"], "field manager"),
            ("m", ["kind": "Pod"], "apiVersion"), ("m", ["apiVersion": "v1", "kind": ""], "kind"),
            ("m", ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "b"]], "metadata.name"),
            ("m", ["apiVersion": "v1", "kind": "Pod", "metadata": ["managedFields": []]], "metadata.managedFields"),
            ("m", "text", "no Kubernetes object"),
        ] as [(String, JSONValue, String)]
    )
    func refusedApply(manager: String, object: JSONValue, word: String) async throws {
        let seen = try await requests { client in
            let error = try await failure { () async throws(KubeError) in
                try await client.resources(Pod.self, namespace: "n")
                    .patch("a", .apply(object, fieldManager: manager))
            }
            #expect(error.code == .badRequest)
            #expect(error.message.contains(word))
        }
        #expect(seen.isEmpty)
    }

    @Test("given an apply as it should be, when it is made, then it is sent")
    func acceptedApply() async throws {
        let object: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "a", "managedFields": nil],
        ]
        let seen = try await requests { client in
            _ = try await client.resources(Pod.self, namespace: "n")
                .patch("a", .apply(object, fieldManager: "mö", force: false))
        }
        #expect(seen.map(\.target) == ["/api/v1/namespaces/n/pods/a?fieldManager=m%C3%B6"])
    }

    @Test(
        "given a deletion, when it is sent, then its options are in the body, and a collection's selection in the query"
    )
    func deletions() async throws {
        let seen = try await requests { client in
            let pods = client.resources(Pod.self, namespace: "n")
            try await pods.delete(
                "a",
                DeleteOptions(propagation: .foreground, uid: "u", resourceVersion: "7", dryRun: true)
            )
            try await pods.deleteCollection(ListOptions(labelSelector: "app=web"), DeleteOptions(gracePeriodSeconds: 0))
            try await pods.evict("a", DeleteOptions(gracePeriodSeconds: 5), apiVersion: "policy/v1beta1")
        }
        #expect(seen.map(\.method) == ["DELETE", "DELETE", "POST"])
        #expect(
            seen.map(\.target) == [
                "/api/v1/namespaces/n/pods/a", "/api/v1/namespaces/n/pods?labelSelector=app%3Dweb",
                "/api/v1/namespaces/n/pods/a/eviction",
            ]
        )
        #expect(
            seen[0].body
                == #"{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Foreground","dryRun":["All"],"#
                + #""preconditions":{"uid":"u","resourceVersion":"7"}}"#
        )
        #expect(seen[1].body == #"{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0}"#)
        #expect(
            seen[2].body
                == #"{"apiVersion":"policy/v1beta1","kind":"Eviction","metadata":{"name":"a","namespace":"n"},"#
                + #""deleteOptions":{"gracePeriodSeconds":5}}"#
        )
    }

    @Test(
        "given a collection in all namespaces, or with a precondition, when it is to be deleted, then nothing is sent"
    )
    func refusedDeletions() async throws {
        let seen = try await requests { client in
            for (namespace, options) in [(nil, DeleteOptions()), ("n", DeleteOptions(uid: "u"))] {
                let error = try await failure { () async throws(KubeError) in
                    try await client.resources(Pod.self, namespace: namespace).deleteCollection(ListOptions(), options)
                }
                #expect(error.code == .badRequest)
            }
        }
        #expect(seen.isEmpty)
    }

    @Test("given a budget that forbids an eviction, when it answers with Retry-After, then the caller decides")
    func evictionIsNotRetried() async throws {
        try await withServer(
            transport: .withQuickRetries,
            answering: Script { _ in ScriptedHTTPServer.answer(429, "{}", headers: ["Retry-After: 0"]) }
        ) { _, client in
            let error = try await failure { () async throws(KubeError) in
                try await client.resources(Pod.self, namespace: "n").evict("a")
            }
            #expect(error.code == .tooManyRequests)
            #expect(!error.message.contains("(try"))
        }
    }

    @Test("given a part of a log, when it is asked for, then the query says which")
    func logs() async throws {
        let seen = try await requests { client in
            let pods = client.resources(Pod.self, namespace: "n")
            _ = try await pods.logs(
                "a",
                LogOptions(container: "c", previous: true, tailLines: 5, limitBytes: 100, sinceSeconds: 60)
            )
            _ = try await pods.followLogs(
                "a",
                LogOptions(sinceTime: Timestamp(seconds: 0, nanoseconds: 5), timestamps: true)
            )
        }
        #expect(
            seen.map(\.target) == [
                "/api/v1/namespaces/n/pods/a/log?container=c&previous=true&tailLines=5&limitBytes=100&sinceSeconds=60",
                "/api/v1/namespaces/n/pods/a/log?follow=true&sinceTime=1970-01-01T00%3A00%3A00Z&timestamps=true",
            ]
        )
    }

    @Test("given a token or an access review, when it is asked for, then the body is what the API wants")
    func reviews() async throws {
        let answer = #"{"status":{"token":"t","expirationTimestamp":"2030-01-01T00:00:00Z","allowed":true}}"#
        let seen = try await requests(answering: answer) { client in
            let token = try await client.requestToken(
                serviceAccount: "agent",
                namespace: "n",
                TokenRequest(
                    audiences: ["hub"],
                    expirationSeconds: 600,
                    boundObject: .init(kind: "Secret", name: "s", uid: "u")
                )
            )
            #expect(token.token == "t")
            #expect(token.expiration.description == "2030-01-01T00:00:00Z")
            let review = try await client.selfSubjectAccessReview(
                .resource(.init(verb: "get", resource: "pods", subresource: "log", namespace: "n"))
            )
            #expect(review.isAllowed)
            _ = try await client.selfSubjectAccessReview(.path("/metrics", verb: "get"))
        }
        #expect(
            seen.map(\.target) == [
                "/api/v1/namespaces/n/serviceaccounts/agent/token",
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            ]
        )
        #expect(
            seen[0].body
                == #"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["hub"],"#
                + #""expirationSeconds":600,"boundObjectRef":{"kind":"Secret","apiVersion":"v1","name":"s","uid":"u"}}}"#
        )
        #expect(
            seen[1].body.hasSuffix(
                #""spec":{"resourceAttributes":{"verb":"get","group":"","resource":"pods","subresource":"log","namespace":"n"}}}"#
            )
        )
        #expect(seen[2].body.hasSuffix(#""spec":{"nonResourceAttributes":{"path":"/metrics","verb":"get"}}}"#))
    }

    @Test("given an apply that conflicts, when the server names fields and managers, then both are in the error")
    func fieldConflicts() {
        var status = Status(code: 409, reason: "Conflict", message: "Apply failed with 2 conflicts")
        status.causes = [
            (#"conflict with "kubectl edit" using apps/v1 at 2020-01-01T00:00:00Z"#, ".spec.replicas"),
            (#"conflict with "hpa" with subresource "scale" using apps/v1"#, ".spec.x"), ("conflict", ".spec.y"),
        ]
        .map { message, field in
            var cause = Status.Cause()
            (cause.reason, cause.message, cause.field) = ("FieldManagerConflict", message, field)
            return cause
        }
        #expect(
            KubeError(status: status).fieldConflicts == [
                .init(field: ".spec.replicas", manager: "kubectl edit"), .init(field: ".spec.x", manager: "hpa"),
                .init(field: ".spec.y", manager: ""),
            ]
        )
        status.causes[0].reason = "Other"
        #expect(KubeError(status: status).fieldConflicts.count == 2)
        #expect(KubeError(code: .conflict, message: "").fieldConflicts.isEmpty)
    }

    @Test(
        "given the version of a server, when it is read, then vendors' forms are understood",
        arguments: [
            (#"{"major":"1","minor":"20","gitVersion":"v1.20.5"}"#, 1, 20), (#"{"major":"1","minor":"27+"}"#, 1, 27),
            (#"{"major":"1","minor":"21+","gitVersion":"v1.21.5-eks-bc4871b"}"#, 1, 21),
            (#"{"major":"","minor":"","gitVersion":"v1.31.0-rc.1+k3s"}"#, 1, 31),
        ]
    )
    func versions(text: String, major: Int, minor: Int) throws {
        let version = try JSON.decode(ServerVersion.self, from: text)
        #expect(version.major == major)
        #expect(version.minor == minor)
        #expect(version.isAtLeast(1, 20))
        #expect(!version.isAtLeast(1, minor + 1))
        #expect(version < ServerVersion(major: 2, minor: 0))
        #expect(version > ServerVersion(major: 1, minor: minor - 1))
    }

    @Test(
        "given something that is no version, when it is read, then it is an error",
        arguments: ["{}", #"{"major":"x"}"#]
    )
    func noVersion(text: String) {
        #expect(throws: JSONError.self) { try JSON.decode(ServerVersion.self, from: text) }
    }
}
