// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@testable import AetheriusAgent

@Suite("What is wrong with a pod at a glance")
struct PodTroublesTests {
    private func pod(_ status: String, restartPolicy: String = "Always") throws -> ObservedPod {
        let text = """
            {"metadata": {"name": "web-1", "namespace": "shop", "annotations": {"a": "b"}, "labels": {"app": "web"},
              "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "u",
              "controller": true}]},
             "spec": {"nodeName": "n", "restartPolicy": "\(restartPolicy)", "containers": [
              {"name": "app", "resources": {"requests": {"cpu": "250m", "memory": "64Mi"}}},
              {"name": "side", "resources": {"requests": {"cpu": "50m"}}}],
              "initContainers": [{"name": "init", "resources": {"requests": {"memory": "128Mi"}}}]},
             "status": \(status)}
            """
        return try JSON.decode(ObservedPod.self, from: Array(text.utf8))
    }

    @Test("given a pod, then only what is needed of it is kept, and what it requests is reckoned as the scheduler does")
    func projection() throws {
        let pod = try pod(#"{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}"#)
        #expect(pod.metadata.annotations.isEmpty)
        #expect(pod.metadata.labels.isEmpty)
        #expect(pod.metadata.controllerReference?.name == "web")
        #expect(pod.isWell)
        #expect(pod.trouble == nil)
        #expect(pod.cpuMillicores == 300)
        #expect(pod.memoryBytes == 128 << 20)
        #expect(pod.usesNode)
    }

    @Test(
        "given a status, then its trouble has a word",
        arguments: [
            (
                #"{"phase": "Running", "containerStatuses": [{"name": "app", "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}}}]}"#,
                "CrashLoopBackOff"
            ),
            (
                #"{"phase": "Running", "containerStatuses": [{"name": "app", "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}}]}"#,
                "OOMKilled"
            ),
            (
                #"{"phase": "Pending", "containerStatuses": [{"name": "app", "state": {"waiting": {"reason": "ImagePullBackOff"}}}]}"#,
                "ImagePullBackOff"
            ),
            (
                #"{"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}]}"#,
                "FailedScheduling"
            ),
            (#"{"phase": "Failed", "reason": "Evicted", "message": "low on memory"}"#, "Evicted"),
            (
                #"{"phase": "Running", "containerStatuses": [{"name": "app", "ready": false, "started": true, "state": {"running": {}}}]}"#,
                "Unready"
            ),
        ]
    )
    func trouble(status: String, reason: String) throws {
        let pod = try pod(status)
        #expect(pod.trouble?.reason == reason)
        #expect(!pod.isWell)
    }

    @Test(
        "given a pod that is on its way, or has ended well, then nothing is wrong",
        arguments: [
            #"{"phase": "Pending", "containerStatuses": [{"name": "app", "state": {"waiting": {"reason": "ContainerCreating"}}}]}"#,
            #"{"phase": "Succeeded"}"#, #"{"phase": "Pending"}"#,
        ]
    )
    func fine(status: String) throws { #expect(try pod(status).trouble == nil) }

    @Test("given a message with a credential, then it is not in the trouble")
    func redacted() throws {
        let pod = try pod(#"{"phase": "Failed", "message": "cannot log in with password=hunter2secret"}"#)
        let message = try #require(pod.trouble?.message)
        #expect(message.contains("cannot log in"))
        #expect(!message.contains("hunter2secret"))
    }
}
