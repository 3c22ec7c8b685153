// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import Testing

@Suite struct ObservedKindsTests {
    @Test("given a Secret, then its keys are read, and its values are nowhere in what was read")
    func secret() throws {
        let secret = try JSON.decode(
            Secret.self,
            from: #"""
                {"metadata": {"name": "db", "annotations": {"kubectl.kubernetes.io/last-applied-configuration":
                 "{\"data\":{\"password\":\"Y2FuYXJ5\"}}"}}, "type": "Opaque", "data": {"password": "Y2FuYXJ5", "user": null},
                 "stringData": {"token": "Y2FuYXJ5"}}
                """#
        )
        #expect(secret.keys == ["password", "user", "token"])
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("Y2FuYXJ5"))
    }

    @Test("given a Service, then ports by number and by name are told apart")
    func service() throws {
        let service = try JSON.decode(
            Service.self,
            from: #"""
                {"spec": {"selector": {"app": "web"}, "clusterIP": "None", "ports": [
                  {"name": "http", "port": 80, "targetPort": "web"}, {"port": 53, "protocol": "UDP", "targetPort": 5353},
                  {"port": 9}]}}
                """#
        )
        #expect(service.ports.map(\.targetPort) == [.string("web"), .int(5353), nil])
        #expect(service.ports.map(\.transport) == ["TCP", "UDP", "TCP"])
        #expect(service.selector == ["app": "web"])
        #expect(service.clusterIP == "None")
    }

    @Test("given a pod, then its environment, volumes and scheduling wishes are read")
    func pod() throws {
        let pod = try JSON.decode(
            Pod.self,
            from: #"""
                {"spec": {"containers": [{"name": "app", "command": ["run"], "args": ["-v"],
                   "env": [{"name": "A", "value": "1"},
                           {"name": "B", "valueFrom": {"secretKeyRef": {"name": "db", "key": "pw", "optional": true}}},
                           {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "cfg", "key": "c"}}}],
                   "envFrom": [{"prefix": "X_", "configMapRef": {"name": "cfg"}}],
                   "resources": {"requests": {"cpu": "500m"}},
                   "livenessProbe": {"exec": {"command": ["true"]}, "periodSeconds": 3},
                   "securityContext": {"runAsUser": 1000, "readOnlyRootFilesystem": true}}],
                  "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "web"}},
                              {"name": "tls", "secret": {"secretName": "cert", "optional": true}},
                              {"name": "all", "projected": {"sources": [{"configMap": {"name": "cfg",
                                "items": [{"key": "c", "path": "d"}]}}]}}],
                  "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
                    {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": "kubernetes.io/hostname"}]}},
                  "tolerations": [{"operator": "Exists"}], "imagePullSecrets": [{"name": "reg"}],
                  "securityContext": {"fsGroup": 2000}, "hostNetwork": true}, "status": {"podIP": "10.0.0.1"}}
                """#
        )
        let container = try #require(pod.spec.containers.first)
        #expect(container.environment.map(\.value) == ["1", nil, nil])
        #expect(container.environment[1].secretKey?.name == "db")
        #expect(container.environment[1].secretKey?.isOptional == true)
        #expect(container.environment[2].configMapKey?.key == "c")
        #expect(container.environmentSources.first?.configMap?.name == "cfg")
        #expect(container.request(of: "cpu") == Quantity("0.5"))
        #expect(container.limit(of: "cpu") == nil)
        #expect(container.livenessProbe?.command == ["true"])
        #expect(container.securityContext.runAsUser == 1000)
        #expect(container.command + container.arguments == ["run", "-v"])
        #expect(pod.spec.volumes.map(\.claimName) == ["web", nil, nil])
        #expect(pod.spec.volumes[1].secret?.objectName == "cert")
        #expect(pod.spec.volumes[2].projected.first?.configMap?.items.first?.path == "d")
        #expect(pod.spec.affinity.forbiddenPods.first?.topologyKey == "kubernetes.io/hostname")
        #expect(pod.spec.imagePullSecrets.map(\.name) == ["reg"])
        #expect(pod.spec.securityContext.fsGroup == 2000)
        #expect(pod.status.podIP == "10.0.0.1")
    }

    @Test("given routes of the Gateway API, then all rules' backends and the words of each controller are read")
    func route() throws {
        let route = try JSON.decode(
            Route.self,
            from: #"""
                {"kind": "HTTPRoute", "spec": {"parentRefs": [{"name": "gw", "sectionName": "web"}], "rules": [
                  {"backendRefs": [{"name": "a", "port": 80}]}, {"matches": [], "backendRefs": [{"name": "b", "weight": 0}]}]},
                 "status": {"parents": [{"parentRef": {"name": "gw"}, "conditions": [
                  {"type": "ResolvedRefs", "status": "False", "reason": "BackendNotFound"}]}]}}
                """#
        )
        #expect(route.backends.map(\.name) == ["a", "b"])
        #expect(route.backends.map(\.weight) == [1, 0])
        #expect(route.parents.first?.sectionName == "web")
        #expect(route.parentStatuses.first?.conditions["ResolvedRefs"]?.reason == "BackendNotFound")
    }

    @Test("given a custom resource that keeps to the conventions in part, then that part is read")
    func customObject() throws {
        let object = try JSON.decode(
            CustomObject.self,
            from: #"""
                {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": {"x": [1]},
                 "status": {"phase": 3, "observedGeneration": 2, "conditions": [7, {"type": "Ready", "status": "False"},
                   {"type": "Odd", "status": 1}]}}
                """#
        )
        #expect(object.kind == "Widget")
        #expect(object.phase == "")
        #expect(object.observedGeneration == 2)
        #expect(object.conditions.map(\.type) == ["Ready"])
    }
}
