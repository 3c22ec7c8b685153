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
            ("ErrImageNeverPull", "Container image is not present with pull policy of Never", .imageNeverPulled),
            ("ErrImagePull", "rpc error: code = Unknown", .imagePullFailure),
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
}
