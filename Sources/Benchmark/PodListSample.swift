// SPDX-License-Identifier: Apache-2.0

/// A pod list as an API server writes it: the same bytes on each run.
enum PodListSample {
    static func make(pods count: Int) -> [UInt8] {
        var text = #"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"81234567"},"items":["#
        var random = Generator(state: 42)
        for index in 0..<count {
            if index > 0 { text += "," }
            text += pod(index, &random)
        }
        text += "]}\n"
        return Array(text.utf8)
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }

        mutating func hex(_ digits: Int) -> String {
            String((0..<digits).map { _ in "0123456789abcdef".randomElement(using: &self) ?? "0" })
        }

        mutating func uid() -> String { "\(hex(8))-\(hex(4))-4\(hex(3))-a\(hex(3))-\(hex(12))" }

        mutating func time() -> String {
            func two(_ limit: Int, from: Int = 0) -> String {
                let value = Int.random(in: from..<limit, using: &self)
                return value < 10 ? "0\(value)" : "\(value)"
            }
            return "2026-\(two(13, from: 1))-\(two(29, from: 1))T\(two(24)):\(two(60)):\(two(60))Z"
        }
    }

    private static func pod(_ index: Int, _ random: inout Generator) -> String {
        let app = ["checkout", "catalog", "payments", "search", "session-store"][index % 5]
        let hash = random.hex(10)
        let name = "\(app)-\(hash)-\(random.hex(5))"
        let started = random.time()
        let state =
            index % 20 == 0 ? crashed(&random) : #""state":{"running":{"startedAt":"\#(started)"}},"lastState":{}"#
        let isReady = index % 20 != 0
        return #"""
            {"metadata":{"name":"\#(name)","generateName":"\#(app)-\#(hash)-","namespace":"team-\#(index % 37)",\#
            "uid":"\#(random.uid())","resourceVersion":"\#(80_000_000 + index)","creationTimestamp":"\#(started)",\#
            "labels":{"app.kubernetes.io/name":"\#(app)","app.kubernetes.io/part-of":"shop","pod-template-hash":"\#(hash)"},\#
            "annotations":{"checksum/config":"\#(random.hex(64))","description":"Läuft im \"Shop\" – Zeile 1\nZeile 2",\#
            "prometheus.io/scrape":"true"},\#
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"\#(app)-\#(hash)",\#
            "uid":"\#(random.uid())","controller":true,"blockOwnerDeletion":true}],\#
            "managedFields":[\#(managedFields(started, random.uid()))]},\#
            "spec":{"volumes":[{"name":"kube-api-access-\#(random.hex(5))","projected":{"sources":[\#
            {"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}}],"defaultMode":420}}],\#
            "containers":[{"name":"app","image":"registry.example.com/shop/\#(app):v1.\#(index % 90)",\#
            "ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],\#
            "env":[{"name":"LOG_LEVEL","value":"info"},{"name":"NODE","valueFrom":{"fieldRef":{"fieldPath":"spec.nodeName"}}}],\#
            "resources":{"limits":{"cpu":"500m","memory":"512Mi"},"requests":{"cpu":"100m","memory":"256Mi"}},\#
            "livenessProbe":{"httpGet":{"path":"/healthz","port":"http","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10},\#
            "readinessProbe":{"httpGet":{"path":"/ready","port":"http","scheme":"HTTP"},"failureThreshold":3},\#
            "terminationMessagePath":"/dev/termination-log","imagePullPolicy":"IfNotPresent"}],\#
            "restartPolicy":"Always","serviceAccountName":"\#(app)","nodeName":"node-\#(index % 120)",\#
            "tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},\#
            {"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],\#
            "securityContext":{"runAsNonRoot":true},\#
            "priority":0,"enableServiceLinks":true},\#
            "status":{"phase":"Running","conditions":[\#
            {"type":"Initialized","status":"True","lastProbeTime":null,"lastTransitionTime":"\#(started)"},\#
            {"type":"Ready","status":"\#(isReady ? "True" : "False")","lastProbeTime":null,"lastTransitionTime":"\#(started)"\#
            \#(isReady ? "" : #","reason":"ContainersNotReady","message":"containers with unready status: [app]""#)},\#
            {"type":"PodScheduled","status":"True","lastProbeTime":null,"lastTransitionTime":"\#(started)"}],\#
            "hostIP":"10.20.\#(index % 120).1","podIP":"10.\#(index % 250).3.\#(index % 200)","startTime":"\#(started)",\#
            "containerStatuses":[{"name":"app",\#(state),"ready":\#(isReady),"restartCount":\#(isReady ? 0 : 17),\#
            "image":"registry.example.com/shop/\#(app):v1.\#(index % 90)",\#
            "imageID":"registry.example.com/shop/\#(app)@sha256:\#(random.hex(64))",\#
            "containerID":"containerd://\#(random.hex(64))","started":\#(isReady)}],"qosClass":"Burstable"}}
            """#
    }

    private static func crashed(_ random: inout Generator) -> String {
        #"""
        "state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 5m0s restarting failed container=app"}},\#
        "lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled","startedAt":"\#(random.time())",\#
        "finishedAt":"\#(random.time())","containerID":"containerd://\#(random.hex(64))"}}
        """#
    }

    private static func managedFields(_ time: String, _ uid: String) -> String {
        #"""
        {"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"\#(time)",\#
        "fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{".":{},"f:checksum/config":{}},\#
        "f:generateName":{},"f:labels":{".":{},"f:app.kubernetes.io/name":{},"f:pod-template-hash":{}},\#
        "f:ownerReferences":{".":{},"k:{\"uid\":\"\#(uid)\"}":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{\#
        ".":{},"f:env":{".":{},"k:{\"name\":\"LOG_LEVEL\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},\#
        "f:livenessProbe":{".":{},"f:httpGet":{".":{},"f:path":{},"f:port":{}},"f:periodSeconds":{}},"f:ports":{".":{},\#
        "k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}},"f:resources":{".":{},\#
        "f:limits":{".":{},"f:cpu":{},"f:memory":{}}}}},"f:restartPolicy":{},"f:schedulerName":{}}}},\#
        {"manager":"kubelet","operation":"Update","apiVersion":"v1","time":"\#(time)","fieldsType":"FieldsV1",\#
        "fieldsV1":{"f:status":{"f:conditions":{"k:{\"type\":\"Ready\"}":{".":{},"f:lastProbeTime":{},\#
        "f:lastTransitionTime":{},"f:status":{}}},"f:containerStatuses":{},"f:hostIP":{},"f:phase":{},"f:podIP":{}}},\#
        "subresource":"status"}
        """#
    }
}
