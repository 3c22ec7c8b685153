// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("TrafficPolicyAnalyzer")
struct TrafficPolicyAnalyzerTests {
    private static let silence = "ERROR dial tcp: connect to cart:80: i/o timeout"

    /// A client on node `a`, and an app `cart` behind a Service, of which one pod is on another node.
    private func cluster(
        policy: String = #", "internalTrafficPolicy": "Local""#,
        serverOn node: String = "b",
        serverIsReady: Bool = true,
        log line: String = TrafficPolicyAnalyzerTests.silence
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.app("web")
        try cluster.app("cart", ready: serverIsReady)
        try cluster.service(
            "cart",
            ports: #"[{"port": 80, "targetPort": 8080, "nodePort": 30080}]"#,
            more: #", "clusterIP": "10.1.0.1""# + policy
        )
        for (name, address) in [("a", "192.168.1.1"), ("b", "192.168.1.2")] {
            try cluster.add(
                \.nodes,
                name,
                """
                "status": {"addresses": [{"type": "InternalIP", "address": "\(address)"}],
                           "conditions": [{"type": "Ready", "status": "True", "reason": "x"}]}
                """
            )
        }
        cluster.edit { snapshot in
            for index in snapshot.pods.indices {
                snapshot.pods[index].spec.nodeName = snapshot.pods[index].metadata.name == "web-1" ? "a" : node
            }
        }
        cluster.log(of: "web-1", line, line)
        cluster.completeNamespace()
        return cluster
    }

    @Test("given a Local policy and a client on a node without a pod, then the Service is the cause")
    func inside() throws {
        let cluster = try cluster()
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .serviceWithoutLocalPods)
        #expect(cause.object.description == "Service/shop/cart")
        #expect(cause.related.map(\.description).contains("Deployment/shop/web"))
    }

    @Test(
        "given the policy Cluster, a pod on the node, no ready pod at all, or another port, then it is not the policy",
        arguments: [
            ("", "b", true, silence), (#", "internalTrafficPolicy": "Cluster""#, "b", true, silence),
            (#", "internalTrafficPolicy": "Local""#, "a", true, silence),
            (#", "internalTrafficPolicy": "Local""#, "b", false, silence),
            (#", "internalTrafficPolicy": "Local""#, "b", true, "ERROR dial tcp: connect to cart:81: i/o timeout"),
            (#", "internalTrafficPolicy": "Local""#, "b", true, "ERROR dial tcp: connect to db:80: i/o timeout"),
            (#", "internalTrafficPolicy": "Local""#, "b", true, "GET http://cart:80/ 200"),
            (#", "internalTrafficPolicy": "Local", "clusterIP": "None""#, "b", true, silence),
        ]
    )
    func nearMisses(policy: String, node: String, isReady: Bool, line: String) throws {
        let cluster = try cluster(policy: policy, serverOn: node, serverIsReady: isReady, log: line)
        #expect(cluster.findings(.serviceWithoutLocalPods).isEmpty)
    }

    @Test("given a node port of a Local Service that is asked on a node without a pod, then the Service is the cause")
    func outside() throws {
        func found(_ policy: String, _ host: String, port: Int = 30080) throws -> Bool {
            let line = "ERROR dial tcp \(host):\(port): i/o timeout"
            let cluster = try cluster(policy: policy, log: line)
            return !cluster.findings(.serviceWithoutLocalPods).isEmpty
        }
        let local = #", "type": "NodePort", "externalTrafficPolicy": "Local""#
        #expect(try found(local, "192.168.1.1"))
        #expect(try !found(local, "192.168.1.2"), "there is a pod")
        #expect(try !found(local, "192.168.1.9"), "it is no node")
        #expect(try !found(local, "192.168.1.1", port: 30081))
        #expect(try !found(#", "type": "NodePort""#, "192.168.1.1"))
    }

    @Test("given a complaint about such a node port, then the nodes are consulted; otherwise not")
    func consults() throws {
        func isConsulted(_ line: String) throws -> Bool {
            let local = #", "type": "NodePort", "externalTrafficPolicy": "Local""#
            var cluster = try cluster(policy: local, log: line)
            cluster.edit { $0.nodes = Inventory() }
            return Analyzers.consults(in: cluster.snapshot).contains(Node.apiResource)
        }
        #expect(try isConsulted("ERROR dial tcp 192.168.1.1:30080: i/o timeout"))
        #expect(try !isConsulted("ERROR dial tcp 192.168.1.1:8080: i/o timeout"))
    }
}
