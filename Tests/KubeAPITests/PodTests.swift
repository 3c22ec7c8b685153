// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite("Pods, events and leases as a server writes them")
struct PodTests {
    @Test("given a pod with containers in all states, when it is read, then each state is there")
    func states() throws {
        let pod = try JSON.decode(Pod.self, from: Self.pod)
        #expect(pod.metadata.name == "web-0")
        #expect(pod.metadata.creationTimestamp == nil)
        #expect(pod.metadata.labels == ["app": "web"])
        #expect(pod.spec.nodeName == "node-1")
        #expect(pod.spec.restartPolicy == "OnFailure")
        #expect(pod.spec.containers.map(\.name) == ["app", "proxy", "job"])
        #expect(pod.spec.containers[0].requests == ["cpu": "100m", "memory": "64Mi"])
        #expect(pod.spec.containers[0].limits == ["memory": "128Mi"])
        #expect(pod.spec.containers[1].requests.isEmpty)
        #expect(pod.spec.initContainers.map(\.image) == ["busybox"])

        #expect(pod.status.phase == "Running")
        #expect(!pod.status.isReady)
        #expect(pod.status.conditions["PodScheduled"]?.lastTransitionTime == Timestamp("2026-01-02T03:04:05Z"))
        #expect(pod.status.startTime == Timestamp("2026-01-02T03:04:06Z"))
        let statuses = pod.status.containerStatuses
        try #require(statuses.count == 3)
        #expect(statuses[0].restartCount == 12)
        #expect(!statuses[0].isReady)
        #expect(statuses[0].state.waiting?.reason == "CrashLoopBackOff")
        #expect(statuses[0].state.waiting?.message == "back-off 5m0s restarting failed container=app")
        #expect(statuses[0].state.running == nil)
        #expect(statuses[0].lastState.terminated?.exitCode == 137)
        #expect(statuses[0].lastState.terminated?.signal == 9)
        #expect(statuses[0].lastState.terminated?.reason == "OOMKilled")
        #expect(statuses[0].lastState.terminated?.finishedAt == Timestamp("2026-01-02T03:10:00Z"))
        #expect(statuses[1].isReady)
        #expect(statuses[1].state.running?.startedAt == Timestamp("2026-01-02T03:04:10Z"))
        #expect(statuses[1].lastState == ContainerState())
        #expect(statuses[2].state.waiting != nil)
        #expect(pod.status.initContainerStatuses.first?.state.terminated?.reason == "Completed")
    }

    @Test("given a pod with null parts, when it is read, then it is an empty one")
    func nulls() throws {
        let pod = try JSON.decode(Pod.self, from: #"{"metadata":{"name":"a"},"spec":null,"status":null}"#)
        #expect(pod == Pod(metadata: ObjectMeta(name: "a")))
        let other = try JSON.decode(
            Pod.self,
            from: #"{"metadata":{"name":"a"},"spec":{"containers":null},"status":{"conditions":null,"startTime":null}}"#
        )
        #expect(other == pod)
    }

    @Test("given a pod, when it is written, then it can be created: kind, metadata and spec, no status")
    func encoding() throws {
        var pod = Pod(metadata: ObjectMeta(name: "a", namespace: "b"))
        pod.spec.containers = [Container(name: "app", image: "web:1")]
        pod.status.phase = "Running"
        let value = try JSON.decode(JSONValue.self, from: JSON.encode(pod))
        #expect(value["apiVersion"] == "v1")
        #expect(value["kind"] == "Pod")
        #expect(value.value(at: "metadata", "namespace") == "b")
        #expect(value.value(at: "spec", "containers")?.arrayValue?.first?["image"] == "web:1")
        #expect(value["status"] == nil)
    }

    @Test("given an event, when it is read, then the last of its times that is filled is when it was seen")
    func event() throws {
        let old = try JSON.decode(
            Event.self,
            from: #"""
                {"metadata":{"name":"e"},"involvedObject":{"kind":"Pod","name":"web-0","fieldPath":"spec.containers{app}"},
                "reason":"BackOff","message":"m","source":{"component":"kubelet","host":"node-1"},"type":"Warning",
                "firstTimestamp":"2026-01-02T03:04:05Z","lastTimestamp":"2026-01-02T04:04:05Z","count":7,
                "eventTime":null,"reportingComponent":"","reportingInstance":""}
                """#
        )
        #expect(old.lastSeen == Timestamp("2026-01-02T04:04:05Z"))
        #expect(old.count == 7)
        #expect(old.sourceComponent == "kubelet")
        #expect(old.sourceHost == "node-1")
        #expect(old.involvedObject.fieldPath == "spec.containers{app}")
        let new = try JSON.decode(
            Event.self,
            from: #"""
                {"metadata":{"name":"e","creationTimestamp":"2026-01-02T03:04:05Z"},"involvedObject":{},"source":null,
                "firstTimestamp":null,"lastTimestamp":null,"eventTime":"2026-01-02T03:04:05.250000Z"}
                """#
        )
        #expect(new.lastSeen == Timestamp(seconds: 1_767_323_045, nanoseconds: 250_000_000))
    }

    @Test("given a lease, when it is written, then its times have six digits and read back the same")
    func lease() throws {
        var lease = Lease(metadata: ObjectMeta(name: "l"))
        lease.holderIdentity = "me"
        lease.leaseDurationSeconds = 15
        lease.renewTime = Timestamp(seconds: 1_767_323_045, nanoseconds: 123_456_000)
        let bytes = JSON.encode(lease)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""renewTime":"2026-01-02T03:04:05.123456Z""#))
        #expect(try JSON.decode(Lease.self, from: bytes) == lease)
    }

    private static let pod = #"""
        {"apiVersion":"v1","kind":"Pod",
         "metadata":{"name":"web-0","namespace":"shop","uid":"u","creationTimestamp":null,"labels":{"app":"web"},
          "managedFields":[{"manager":"kubelet","fieldsType":"FieldsV1","fieldsV1":{"f:status":{"k:{\"type\":\"Ready\"}":{}}}}]},
         "spec":{"volumes":[{"name":"t","projected":{"sources":[{"serviceAccountToken":{"expirationSeconds":3607}}]}}],
          "containers":[
           {"name":"app","image":"web:1","resources":{"limits":{"memory":"128Mi"},"requests":{"cpu":"100m","memory":"64Mi"},
            "claims":[{"name":"gpu"}]},"livenessProbe":{"httpGet":{"path":"/","port":8080},"periodSeconds":10}},
           {"name":"proxy","image":"proxy:2","resources":{}},{"name":"job","image":"job:3","resources":null}],
          "initContainers":[{"name":"setup","image":"busybox","env":[{"name":"A","value":"1"}]}],
          "restartPolicy":"OnFailure","nodeName":"node-1","tolerations":[{"effect":"NoExecute","tolerationSeconds":300}]},
         "status":{"phase":"Running","conditions":[
           {"type":"Ready","status":"False","lastProbeTime":null,"lastTransitionTime":"2026-01-02T03:10:01Z",
            "reason":"ContainersNotReady","message":"containers with unready status: [app]"},
           {"type":"PodScheduled","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-02T03:04:05Z"}],
          "hostIP":"10.0.0.1","podIPs":[{"ip":"10.1.0.7"}],"startTime":"2026-01-02T03:04:06Z","qosClass":"Burstable",
          "initContainerStatuses":[{"name":"setup","ready":true,"restartCount":0,
            "state":{"terminated":{"exitCode":0,"reason":"Completed"}},"lastState":{}}],
          "containerStatuses":[
           {"name":"app","state":{"waiting":{"reason":"CrashLoopBackOff",
             "message":"back-off 5m0s restarting failed container=app"}},
            "lastState":{"terminated":{"exitCode":137,"signal":9,"reason":"OOMKilled","startedAt":"2026-01-02T03:09:50Z",
             "finishedAt":"2026-01-02T03:10:00Z","containerID":"containerd://1"}},
            "ready":false,"restartCount":12,"image":"web:1","imageID":"sha256:1","started":false},
           {"name":"proxy","state":{"running":{"startedAt":"2026-01-02T03:04:10Z"}},"lastState":{},"ready":true,
            "restartCount":0,"image":"proxy:2","allocatedResources":{"cpu":"1"}},
           {"name":"job","state":{"waiting":{"reason":"ContainerCreating"},"running":null},"lastState":null,"ready":false,
            "restartCount":0,"image":"job:3"}]}}
        """#
}
