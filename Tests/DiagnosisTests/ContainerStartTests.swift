// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("Containers that cannot be made or started")
struct ContainerStartTests {
    @Test(
        "given what the kubelet or the runtime says, then the cause is named",
        arguments: [
            ("CreateContainerConfigError", #"secret \"db\" not found"#, "SecretNotFound", "Secret db does not exist"),
            (
                "CreateContainerConfigError", "couldn't find key user in Secret shop/db", "SecretKeyNotFound",
                "Secret db has no key user"
            ),
            (
                "CreateContainerConfigError", #"configmap \"web\" not found"#, "ConfigMapNotFound",
                "ConfigMap web does not exist"
            ),
            (
                "CreateContainerConfigError", "couldn't find key mode in ConfigMap shop/web", "ConfigMapKeyNotFound",
                "ConfigMap web has no key mode"
            ),
            (
                "CreateContainerConfigError", "container has runAsNonRoot and image will run as root",
                "RunAsNonRootViolation", "runAsNonRoot"
            ),
            ("CreateContainerConfigError", "something else", "ContainerConfigInvalid", "something else"),
            ("CreateContainerError", "the name is reserved", "ContainerCreateFailed", "reserved"),
            (
                "RunContainerError", #"exec: \"servr\": executable file not found in $PATH"#,
                "ContainerCommandNotFound", "(servr)"
            ),
            (
                "RunContainerError", #"exec: \"/run.sh\": permission denied"#, "ContainerCommandNotExecutable",
                "(/run.sh)"
            ),
            ("RunContainerError", "exec /app: exec format error", "ImageArchitectureMismatch", "processor"),
            (
                "RunContainerError", #"error mounting \"/x\": open: no such file or directory"#,
                "ContainerStartFailed", "mounting"
            ),
            ("PostStartHookError", "command exited with 1", "ContainerHookFailed", "exited with 1"),
            ("PreStartHookError", "refused", "ContainerHookFailed", "refused"),
        ]
    )
    func waiting(reason: String, message: String, expected: String, words: String) throws {
        var cluster = Fixture()
        try cluster.deployment("web")
        try cluster.pod("web-1", of: "web", phase: "Pending", status: Fixture.waiting(reason, message))
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
        #expect(cause.message.contains(words))
        #expect(cause.object.description == "Deployment/shop/web")
    }

    @Test(
        "given a container that is ended because its hook fails, then the hook is the cause, unless it ends by itself",
        arguments: [
            (137, 60, "", "ContainerHookFailed"), (1, 60, "FailedPostStartHook", "ContainerHookFailed"),
            (1, 60, "", "ApplicationCrash"), (137, 600, "", "ApplicationCrash"),
        ]
    )
    func hook(exitCode: Int, secondsAgo: Int, killing: String, expected: String) throws {
        var cluster = Fixture()
        try cluster.pod("web-1", status: Fixture.crashLoop(exitCode: exitCode))
        let events = [("FailedPostStartHook", "PostStartHook failed")] + (killing.isEmpty ? [] : [("Killing", killing)])
        for (reason, message) in events {
            try cluster.event(
                kind: "Pod",
                "web-1",
                reason: reason,
                secondsAgo: secondsAgo,
                path: "spec.containers{app}",
                message
            )
        }
        #expect(cluster.conclusion.rootCause?.causeClass.rawValue == expected)
    }

    @Test("given an empty message, then the event about this container has the reason")
    func fromEvent() throws {
        var cluster = Fixture()
        try cluster.pod("web-1", phase: "Pending", status: Fixture.waiting("CreateContainerConfigError"))
        try cluster.event(
            kind: "Pod",
            "web-1",
            reason: "Failed",
            secondsAgo: 1,
            path: "spec.containers{other}",
            #"Error: configmap "other" not found"#
        )
        try cluster.event(
            kind: "Pod",
            "web-1",
            reason: "Failed",
            path: "spec.containers{app}",
            #"Error: secret "db" not found"#
        )
        #expect(cluster.conclusion.rootCause?.causeClass == .secretNotFound)
    }

    @Test("given a process that could not even start, then it has not crashed")
    func startError() throws {
        var cluster = Fixture()
        try cluster.pod(
            "web-1",
            status: Fixture.crashLoop(
                exitCode: 128,
                reason: "StartError",
                message: #"exec: \"servr\": executable file not found in $PATH"#
            )
        )
        #expect(cluster.conclusion.candidates.map(\.causeClass) == [.containerCommandNotFound])
    }

    @Test("given replicas with other names and addresses in their messages, then the message is the same")
    func stableMessage() throws {
        var cluster = Fixture()
        try cluster.deployment("web", replicas: 2)
        for index in 1...2 {
            try cluster.pod(
                "web-\(index)",
                of: "web",
                phase: "Pending",
                status: Fixture.waiting(
                    "CreateContainerError",
                    "pod web-\(index) at 10.0.0.\(index):80 with 0123456789abcdef0\(index) refused"
                )
            )
        }
        let findings = Analyzers.findings(in: cluster.snapshot).filter(\.isCause)
        #expect(findings.count == 2)
        #expect(Set(findings.map(\.message)).count == 1)
        #expect(findings[0].message.contains("10.0.0") == false)
    }

    @Test(
        "given a volume that cannot be had, then the cause is named",
        arguments: [
            (
                "FailedMount", #"MountVolume.SetUp failed for volume "conf" : configmap "web" not found"#,
                "ConfigMapNotFound"
            ),
            (
                "FailedMount", #"MountVolume.SetUp failed for volume "tls" : secret "tls" not found"#, "SecretNotFound"
            ),
            (
                "FailedMount",
                #"MountVolume.SetUp failed for volume "tls" : references non-existent secret key: tls.key"#,
                "SecretKeyNotFound"
            ),
            (
                "FailedMount", #"MountVolume.SetUp failed for volume "nfs" : mount failed: access denied by server"#,
                "VolumePermissionDenied"
            ),
            (
                "FailedMount", #"MountVolume.SetUp failed for volume "nfs" : mount failed: exit status 32"#,
                "VolumeMountFailed"
            ),
            (
                "FailedAttachVolume", #"Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) a"#,
                "VolumeMultiAttach"
            ),
            (
                "FailedAttachVolume", #"AttachVolume.Attach failed for volume "pvc-1" : no such disk"#,
                "VolumeAttachFailed"
            ),
        ]
    )
    func volumes(reason: String, message: String, expected: String) throws {
        var cluster = Fixture()
        try cluster.pod("web-1", phase: "Pending", status: Fixture.waiting("ContainerCreating"))
        // The newest event only says that the trouble goes on.
        try cluster.event(
            kind: "Pod",
            "web-1",
            reason: "FailedMount",
            secondsAgo: 1,
            "Unable to attach or mount volumes: timed out waiting for the condition"
        )
        try cluster.event(kind: "Pod", "web-1", reason: reason, secondsAgo: 30, message)
        #expect(cluster.conclusion.rootCause?.causeClass.rawValue == expected)
    }

    @Test("given what a pod waits for, then the object is named beside the cause")
    func related() throws {
        var missing = Fixture()
        try missing.pod("web-1", phase: "Pending", status: Fixture.waiting("ContainerCreating"))
        try missing.event(kind: "Pod", "web-1", reason: "FailedMount", #"secret "tls" not found"#)
        let finding = Analyzers.findings(in: missing.snapshot).first { $0.causeClass == .secretNotFound }
        #expect(finding?.related.map(\.description) == ["Secret/shop/tls"])

        var key = Fixture()
        try key.pod(
            "web-1",
            phase: "Pending",
            status: Fixture.waiting("CreateContainerConfigError", "couldn't find key user in ConfigMap shop/settings")
        )
        let lacking = Analyzers.findings(in: key.snapshot).first { $0.causeClass == .configMapKeyNotFound }
        #expect(lacking?.related.map(\.description) == ["ConfigMap/shop/settings"])
    }

    @Test("given a volume that is at another node, then the pod that has it there is named")
    func volumeHolder() throws {
        var cluster = Fixture()
        let volumes = #""volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]"#
        try cluster.rawPod(
            "new",
            spec: #"{"containers": [{"name": "app"}], "nodeName": "a", \#(volumes)}"#,
            status: #"{"phase": "Pending"}"#
        )
        try cluster.rawPod(
            "old",
            spec: #"{"containers": [{"name": "app"}], "nodeName": "b", \#(volumes)}"#,
            status: #"{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}"#
        )
        try cluster.event(kind: "Pod", "new", reason: "FailedAttachVolume", "Multi-Attach error for volume \"pvc-1\"")
        let finding = Analyzers.findings(in: cluster.snapshot).first { $0.causeClass == .volumeMultiAttach }
        #expect(finding?.related.map(\.description) == ["Pod/shop/old", "Node/b"])
    }

    @Test("given an object that the kubelet has not seen yet, or a container that runs by now, then nothing is said")
    func passingMountTrouble() throws {
        var cluster = Fixture()
        try cluster.pod("new", phase: "Pending", status: Fixture.waiting("ContainerCreating"))
        try cluster.event(kind: "Pod", "new", reason: "FailedMount", #"object "shop"/"root-ca" not registered"#)
        #expect(cluster.conclusion.rootCause == nil)

        var running = Fixture()
        try running.pod("web-1", ready: true, status: #""restartCount": 0, "state": {"running": {}}"#)
        try running.event(kind: "Pod", "web-1", reason: "FailedMount", #"secret "tls" not found"#)
        #expect(running.conclusion.terminationReason == .healthy)
    }

    @Test(
        "given a sandbox that cannot be made, then the node is at fault if its own programs fail",
        arguments: [
            (
                "dial unix /run/containerd/containerd.sock: connect: no such file", "ContainerRuntimeUnavailable",
                "Node/n1"
            ),
            ("failed to setup network for sandbox: plugin failed (add)", "NetworkPluginFailed", "Node/n1"),
            ("something else", "PodSandboxFailed", "Pod/shop/web-1"),
        ]
    )
    func sandbox(message: String, expected: String, object: String) throws {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"nodeName": "n1", "containers": [{"name": "app"}]}"#,
            status: """
                {"phase": "Pending", "containerStatuses":
                  [{"name": "app", "state": {"waiting": {"reason": "ContainerCreating"}}}]}
                """
        )
        try cluster.event(kind: "Pod", "web-1", reason: "FailedCreatePodSandBox", message)
        // POD-04 looks at the newest event only; another one after it must not hide it.
        try cluster.event(kind: "Pod", "web-1", reason: "SomethingElse", secondsAgo: 1, "later")
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
        #expect(cause.object.description == object)
    }
}
