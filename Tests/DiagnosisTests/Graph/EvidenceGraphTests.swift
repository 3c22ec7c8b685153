// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import KubeTesting
import Testing

@Suite("EvidenceGraph")
struct EvidenceGraphTests {
    private func object(_ kind: String, _ name: String) -> ObjectReference {
        ObjectReference(kind: kind, namespace: kind == "Node" || kind == "StorageClass" ? "" : "shop", name: name)
    }

    private func dependencies(_ cluster: Fixture, of kind: String, _ name: String) -> [String] {
        EvidenceGraph(cluster.snapshot).dependencies(of: object(kind, name))
            .map { "\($0.relation.rawValue) \($0.object.kind)/\($0.object.name)" }.sorted()
    }

    @Test("given a pod, then it depends on its controller, its node and what it is made from")
    func pod() throws {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-0",
            owner: "StatefulSet/web",
            spec: """
                {"nodeName": "a", "serviceAccountName": "robot", "imagePullSecrets": [{"name": "pull"}],
                 "volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}},
                             {"name": "c", "configMap": {"name": "settings"}},
                             {"name": "o", "configMap": {"name": "extras", "optional": true}},
                             {"name": "p", "projected": {"sources": [{"secret": {"name": "keys"}}]}},
                             {"name": "e", "ephemeral": {"volumeClaimTemplate": {"spec": {}}}}],
                 "containers": [{"name": "app", "envFrom": [{"configMapRef": {"name": "flags"}}],
                                 "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "login", "key": "k"}}}]}]}
                """,
            status: "{}"
        )
        #expect(
            dependencies(cluster, of: "Pod", "web-0") == [
                "Account ServiceAccount/robot", "Content ConfigMap/flags", "Content ConfigMap/settings",
                "Content PersistentVolumeClaim/data", "Content PersistentVolumeClaim/web-0-e", "Content Secret/keys",
                "Content Secret/login", "Content Secret/pull", "Owner StatefulSet/web", "Placement Node/a",
            ]
        )
        #expect(dependencies(cluster, of: "StatefulSet", "web") == ["Member Pod/web-0"])
    }

    @Test("given a claim, then it depends on its volume and its class")
    func claim() throws {
        var cluster = Fixture()
        try cluster.add(\.persistentVolumeClaims, "data", #""spec": {"volumeName": "v1", "storageClassName": "fast"}"#)
        #expect(
            dependencies(cluster, of: "PersistentVolumeClaim", "data") == [
                "Content PersistentVolume/v1", "Content StorageClass/fast",
            ]
        )
    }

    @Test("given a Service, then it depends on the workloads and pods that it selects, and on no others")
    func service() throws {
        var cluster = Fixture()
        try cluster.declared("db")
        try cluster.declared("web")
        try cluster.selectingService("db")
        try cluster.rawPod("db-1", owner: "Deployment/db", status: "{}")
        try cluster.rawPod("web-1", owner: "Deployment/web", status: "{}")
        cluster.edit { $0.pods[0].metadata.labels = ["app": "db"] }
        cluster.edit { $0.pods[1].metadata.labels = ["app": "web"] }
        #expect(dependencies(cluster, of: "Service", "db") == ["Backend Deployment/db", "Backend Pod/db-1"])
    }

    @Test("given a Service without a selector, then it depends on what its Endpoints and slices name")
    func endpoints() throws {
        var cluster = Fixture()
        try cluster.add(\.services, "db")
        try cluster.add(
            \.endpoints,
            "db",
            #""subsets": [{"addresses": [{"ip": "1.1.1.1", "targetRef": {"kind": "Pod", "namespace": "shop", "name": "p"}}]}]"#
        )
        try cluster.add(
            \.endpointSlices,
            "db-1",
            labels: ["kubernetes.io/service-name": "db"],
            #""endpoints": [{"addresses": ["1.1.1.2"], "targetRef": {"kind": "Pod", "namespace": "shop", "name": "q"}}]"#
        )
        #expect(dependencies(cluster, of: "Service", "db") == ["Backend Pod/p", "Backend Pod/q"])
    }

    @Test("given an Ingress, a route and an autoscaler, then they depend on what they name")
    func entries() throws {
        var cluster = Fixture()
        try cluster.add(
            \.ingresses,
            "front",
            """
            "spec": {"tls": [{"secretName": "cert"}], "rules": [{"http": {"paths": [
              {"path": "/", "backend": {"service": {"name": "web", "port": {"number": 80}}}}]}}]}
            """
        )
        try cluster.add(
            \.horizontalPodAutoscalers,
            "web",
            #""spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}"#
        )
        #expect(dependencies(cluster, of: "Ingress", "front") == ["Content Secret/cert", "Traffic Service/web"])
        #expect(dependencies(cluster, of: "HorizontalPodAutoscaler", "web") == ["Scaling Deployment/web"])
    }

    @Test(
        "given a setting that holds the address of a Service, then the program calls it",
        arguments: [
            ("DB_HOST", "db"), ("UPSTREAM", "db:5432"), ("X", "postgres://user@db/shop"), ("X", "http://db"),
            ("X", "db.shop.svc.cluster.local"), ("X", "db.shop:5432"), ("X", "a=1;host=db.shop.svc;b=2"),
            ("spring.datasource.url", "jdbc:mysql://db:3306/x"),
        ]
    )
    func address(name: String, value: String) throws {
        var cluster = Fixture()
        try cluster.selectingService("db")
        try cluster.declared("web", environment: [name: value])
        #expect(dependencies(cluster, of: "Deployment", "web") == ["Traffic Service/db"])
    }

    @Test(
        "given a setting in which the name of a Service is a mere word, then the program does not call it",
        arguments: [
            ("CACHE_TYPE", "db"), ("MESSAGE", "the db is fine"), ("DB_HOST", "db2"), ("URL", "https://example.db"),
            ("X", "db.other.svc"), ("X", "db.example.com"), ("DB_HOST", "mydb"), ("X", "db:primary"),
        ]
    )
    func noAddress(name: String, value: String) throws {
        var cluster = Fixture()
        try cluster.selectingService("db")
        try cluster.declared("web", environment: [name: value])
        #expect(dependencies(cluster, of: "Deployment", "web").isEmpty)
    }

    @Test("given an address in a ConfigMap that a program uses, or among its arguments, then it calls the Service")
    func otherPlaces() throws {
        var cluster = Fixture()
        try cluster.selectingService("db")
        try cluster.selectingService("cache")
        try cluster.add(\.configMaps, "conf", #""data": {"nginx.conf": "proxy_pass http://cache:80;"}"#)
        try cluster.declared("web", more: #", "volumes": [{"name": "c", "configMap": {"name": "conf"}}]"#)
        cluster.edit { $0.workloads[0].template.containers[0].arguments = ["--verbose", "--db-host", "db"] }
        #expect(
            dependencies(cluster, of: "Deployment", "web") == [
                "Content ConfigMap/conf", "Traffic Service/cache", "Traffic Service/db",
            ]
        )
    }

    @Test("given 2,000 Services and programs that all name a Service, then building takes time in proportion")
    func scale() throws {
        func time(_ count: Int) throws -> Duration {
            var cluster = Fixture()
            for number in 0..<count {
                try cluster.selectingService("s\(number)")
                try cluster.declared("s\(number)", environment: ["NEXT_ADDR": "s\((number + 1) % count):80"])
            }
            let snapshot = cluster.snapshot
            return ProcessorTime.measure {
                let graph = EvidenceGraph(snapshot)
                #expect(graph.dependencies(of: object("Deployment", "s1")).count == 1)
            }
        }
        let small = try time(200)
        let large = try time(2000)
        #expect(large < small * 40)
    }
}
