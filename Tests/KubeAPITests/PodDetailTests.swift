// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite("What a diagnosis reads of pods, nodes and workloads")
struct PodDetailTests {
    @Test("given a pod with placement, probes, ports and mounts, then they are read")
    func pod() throws {
        let pod = try JSON.decode(
            Pod.self,
            from: """
                {"spec": {"nodeSelector": {"disk": "nvme"}, "schedulerName": "own", "serviceAccountName": "web",
                  "schedulingGates": [{"name": "a"}, {"name": "b"}],
                  "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{}]},
                               "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"x": [1]}}},
                  "containers": [{"name": "app", "ports": [{"name": "http", "containerPort": 80, "protocol": "UDP"}],
                    "volumeMounts": [{"name": "data", "mountPath": "/data", "readOnly": true}],
                    "livenessProbe": {"httpGet": {"port": "http", "path": "/a", "scheme": "HTTPS", "host": "x"},
                                      "initialDelaySeconds": 1, "periodSeconds": 2, "timeoutSeconds": 3,
                                      "failureThreshold": 4, "successThreshold": 1},
                    "readinessProbe": {"grpc": {"port": 9000, "service": ""}},
                    "startupProbe": {"exec": {"command": ["a", "b"]}}}],
                  "initContainers": [{"name": "proxy", "restartPolicy": "Always", "livenessProbe": null}]},
                 "status": {"ephemeralContainerStatuses": [{"name": "debug"}]}}
                """
        )
        #expect(pod.spec.nodeSelector == ["disk": "nvme"])
        #expect(pod.spec.schedulerName == "own")
        #expect(pod.spec.serviceAccountName == "web")
        #expect(pod.spec.schedulingGates == ["a", "b"])
        #expect(pod.spec.requiresNodeAffinity)
        let container = try #require(pod.spec.containers.first)
        #expect(container.ports.map(\.number) == [80])
        #expect(container.ports.map(\.transport) == ["UDP"])
        #expect(container.mounts.map(\.path) == ["/data"])
        let liveness = try #require(container.livenessProbe)
        #expect(liveness.method == .httpGet)
        #expect(liveness.port == "http")
        #expect([liveness.path, liveness.scheme] == ["/a", "HTTPS"])
        #expect(liveness.initialDelaySeconds == 1 && liveness.periodSeconds == 2)
        #expect(liveness.timeoutSeconds == 3 && liveness.failureThreshold == 4)
        #expect(container.readinessProbe?.method == .grpc)
        #expect(container.readinessProbe?.port == "9000")
        #expect(container.readinessProbe?.timeoutSeconds == 1)
        #expect(container.startupProbe?.method == .exec)
        #expect(container.startupProbe?.port == nil)
        #expect(pod.spec.initContainers.first?.restartPolicy == "Always")
        #expect(pod.spec.initContainers.first?.livenessProbe == nil)
        #expect(pod.status.ephemeralContainerStatuses.map(\.name) == ["debug"])
    }

    @Test("given affinity that is only preferred, then no node is required")
    func preferredAffinity() throws {
        let pod = try JSON.decode(
            Pod.self,
            from: """
                {"spec": {"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{}],
                  "requiredDuringSchedulingIgnoredDuringExecution": null}}, "schedulingGates": null}}
                """
        )
        #expect(!pod.spec.requiresNodeAffinity)
        #expect(pod.spec.schedulingGates.isEmpty)
    }

    @Test("given a StatefulSet, a Job and a cordoned node, then what is special of them is read")
    func others() throws {
        let set = try JSON.decode(
            Workload.self,
            from: """
                {"spec": {"serviceName": "db", "podManagementPolicy": "Parallel", "volumeClaimTemplates":
                  [{"spec": {"storageClassName": "fast"}}, {"spec": {}}, {"spec": null}]}}
                """
        )
        #expect(set.serviceName == "db")
        #expect(set.podManagementPolicy == "Parallel")
        #expect(set.claimStorageClasses == ["fast"])
        let job = try JSON.decode(
            Workload.self,
            from: """
                {"spec": {"suspend": true, "activeDeadlineSeconds": 60},
                 "status": {"active": 2, "currentNumberScheduled": 3}}
                """
        )
        #expect(job.isSuspended)
        #expect(job.activeDeadlineSeconds == 60)
        #expect(job.status.active == 2)
        #expect(job.status.currentNumberScheduled == 3)
        let node = try JSON.decode(
            Node.self,
            from: #"{"metadata": {"name": "n", "labels": {"a": "b"}}, "spec": {"unschedulable": true}}"#
        )
        #expect(node.isUnschedulable)
        #expect(node.metadata.labels == ["a": "b"])
    }
}
