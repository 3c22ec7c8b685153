// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ImagePullAnalyzer")
struct ImagePullAnalyzerTests {
    @Test(
        "given what the runtime says, then the cause is named",
        arguments: [
            ("ErrImagePull", "dial tcp 127.0.0.1:1: connect: connection refused", CauseClass.imageRegistryUnreachable),
            ("ErrImagePull", "lookup registry.invalid: no such host", .imageRegistryUnresolvable),
            ("ErrImagePull", "manifest unknown: manifest unknown", .imageNotFound),
            ("ErrImagePull", "failed to authorize: 401 Unauthorized", .imagePullUnauthorized),
            (
                "ErrImagePull", "pull access denied, repository does not exist or may require authorization",
                .imagePullUnauthorized
            ),
            ("InvalidImageName", "couldn't parse image reference", .invalidImageReference),
            (
                "ImagePullBackOff", "reading manifest 1 in a/b: requested access to the resource is denied",
                .imagePullUnauthorized
            ),
            ("SignatureValidationFailed", "A signature was required, but no signature exists", .imageSignatureInvalid),
            ("ImageInspectError", "Failed to inspect image: layer does not exist", .imageInspectFailed),
            ("ErrImageNeverPull", "Container image is not present with pull policy of Never", .imageNeverPulled),
            ("ErrImagePull", "rpc error: code = Unknown", .imagePullFailure),
            (
                "ErrImagePull", "toomanyrequests: You have reached your unauthenticated pull rate limit",
                .imagePullRateLimited
            ),
            ("ErrImagePull", "no matching manifest for linux/arm64 in the manifest list", .imageArchitectureMismatch),
            ("ErrImagePull", "no match for platform in manifest: not found", .imageArchitectureMismatch),
            ("ErrImagePull", "x509: certificate signed by unknown authority", .imageRegistryTLSFailed),
            ("ErrImagePull", "http: server gave HTTP response to HTTPS client", .imageRegistryTLSFailed),
            ("ErrImagePull", "unexpected status from HEAD request: 503 Service Unavailable", .imageRegistryFailing),
        ]
    )
    func classes(reason: String, message: String, expected: CauseClass) throws {
        var cluster = Fixture()
        try cluster.deployment("web")
        try cluster.pod("web-1", of: "web", phase: "Pending", status: Fixture.waiting(reason, message))

        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == expected)
        #expect(cause.object.description == "Deployment/shop/web")
        #expect(cause.message.contains("registry.local/app:1"))
    }

    @Test("given a container that backs off, then the reason comes from the event about this pod")
    func reasonFromEvent() throws {
        var cluster = Fixture()
        try cluster.pod(
            "web-1",
            phase: "Pending",
            status: Fixture.waiting("ImagePullBackOff", "Back-off pulling image")
        )
        try cluster.event(
            about: "web-1",
            reason: "Failed",
            message: "Failed to pull image 'registry.local/app:1': manifest unknown"
        )
        #expect(cluster.conclusion.rootCause?.causeClass == .imageNotFound)
    }

    @Test("given an event of an earlier pod of the same name, then it does not count")
    func eventOfAnotherPod() throws {
        var cluster = Fixture()
        try cluster.pod(
            "web-1",
            phase: "Pending",
            status: Fixture.waiting("ImagePullBackOff", "Back-off pulling image")
        )
        try cluster.event(
            about: "web-1",
            uid: "another",
            reason: "Failed",
            message: "Failed to pull image 'registry.local/app:1': manifest unknown"
        )
        #expect(cluster.conclusion.rootCause?.causeClass == .imagePullFailure)
    }

    @Test("given an image that could not be pulled before and runs now, then nothing is wrong")
    func recovered() throws {
        var cluster = Fixture()
        try cluster.deployment("web", ready: 1)
        try cluster.pod(
            "web-1",
            of: "web",
            ready: true,
            status: #""restartCount": 0, "state": {"running": {"startedAt": "2027-01-15T08:00:00Z"}}"#
        )
        try cluster.event(about: "web-1", reason: "Failed", message: "Failed to pull image 'registry.local/app:1'")
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test(
        "given a refusal and a pull Secret that is known to be missing, then it is missing; otherwise it is of no use"
    )
    func pullSecret() throws {
        func answer(isThere: Bool) throws -> Finding? {
            var cluster = Fixture()
            try cluster.rawPod(
                "web-1",
                spec: """
                    {"containers": [{"name": "app", "image": "registry.local/app:1"}],
                     "imagePullSecrets": [{"name": "registry"}]}
                    """,
                status: """
                    {"phase": "Pending", "containerStatuses": [{"name": "app",
                      \(Fixture.waiting("ErrImagePull", "401 Unauthorized"))}]}
                    """
            )
            if isThere { try cluster.add(\.secrets, "registry") }
            cluster.complete(\.secrets)
            return Analyzers.findings(in: cluster.snapshot).first { $0.isCause }
        }
        #expect(try answer(isThere: false)?.causeClass == .imagePullSecretMissing)
        #expect(try answer(isThere: true)?.causeClass == .imagePullUnauthorized)
        #expect(try answer(isThere: true)?.related.map(\.description) == ["Secret/shop/registry"])
    }

    @Test("given a node without space for images, then the node is at fault")
    func noSpace() throws {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"containers": [{"name": "app", "image": "registry.local/app:1"}], "nodeName": "a"}"#,
            status: """
                {"phase": "Pending", "containerStatuses": [{"name": "app",
                  \(Fixture.waiting("ErrImagePull", "write /var/lib/layer: no space left on device"))}]}
                """
        )
        #expect(cluster.conclusion.rootCause?.causeClass == .nodeDiskPressure)
        #expect(cluster.conclusion.rootCause?.object.description == "Node/a")
    }
}
