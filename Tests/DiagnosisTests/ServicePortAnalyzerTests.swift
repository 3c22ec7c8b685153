// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ServicePortAnalyzer")
struct ServicePortAnalyzerTests {
    private static let probe = #", "readinessProbe": {"tcpSocket": {"port": 8080}}"#

    private func cluster(
        _ ports: String,
        declared: String = #"[{"name": "web", "containerPort": 8080}]"#,
        more: String = "",
        service: String = ""
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.app("cart", ports: declared, more: more)
        try cluster.service("cart", ports: ports, more: service)
        cluster.completeNamespace()
        return cluster
    }

    @Test(
        "given a target port that the pods do not have, then the Service is to be corrected",
        arguments: [
            #"[{"port": 80, "targetPort": "http"}]"#, #"[{"port": 8080, "targetPort": 8081}]"#,
            #"[{"port": 80, "targetPort": 8081}]"#, #"[{"port": 80}]"#,
        ]
    )
    func targetPort(ports: String) throws {
        let cause = try #require(try cluster(ports, more: Self.probe).conclusion.rootCause)
        #expect(cause.causeClass == .serviceTargetPortMismatch)
        #expect(cause.object.description == "Service/shop/cart")
        #expect(cause.confidence >= 0.7)
    }

    @Test(
        "given a target port that the pods have, by number or by name, then all is well",
        arguments: [
            #"[{"port": 80, "targetPort": "web"}]"#, #"[{"port": 80, "targetPort": 8080}]"#, #"[{"port": 8080}]"#,
        ]
    )
    func rightPort(ports: String) throws {
        #expect(try cluster(ports, more: Self.probe).conclusion.terminationReason == .healthy)
    }

    @Test("given a number that no container declares, but a probe gets an answer from, then it is served")
    func proven() throws {
        let cluster = try cluster(
            #"[{"port": 80, "targetPort": 9000}]"#,
            more: #", "readinessProbe": {"tcpSocket": {"port": 9000}}"#
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test(
        "given a number that the container's own settings speak of, then the declaration is what is incomplete",
        arguments: [
            #", "env": [{"name": "METRICS_ADDR", "value": "0.0.0.0:9000"}]"#, #", "args": ["--listen=:9000"]"#,
        ]
    )
    func mentioned(more: String) throws {
        let cluster = try cluster(#"[{"port": 80, "targetPort": 9000}]"#, more: more)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given a process that says that it listens there, then it does")
    func logged() throws {
        var cluster = try cluster(#"[{"port": 80, "targetPort": 9000}]"#)
        cluster.log(of: "cart-1", "INFO Server listening on http://0.0.0.0:9000")
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given containers that declare nothing and have no probes, then nothing is known about them")
    func unknown() throws {
        #expect(try cluster(#"[{"port": 80, "targetPort": 9000}]"#, declared: "[]").conclusion.rootCause == nil)
    }

    @Test(
        "given a number that is not declared and nothing more, then it is a word for the reader until somebody complains"
    )
    func undeclared() throws {
        var cluster = try cluster(#"[{"port": 80, "targetPort": 9000}]"#)
        #expect(cluster.conclusion.terminationReason == .healthy)
        #expect(cluster.findings(.serviceTargetPortMismatch).map(\.severity) == [.low])
        try cluster.program("web", log: ["ERROR connect to cart: connection refused"])
        #expect(cluster.findings(.serviceTargetPortMismatch).map(\.severity) == [.high])
    }

    @Test("given the number that clients use among the declared ones, then the target is wrong without any complaint")
    func linked() throws {
        let cluster = try cluster(#"[{"port": 8080, "targetPort": 9000}]"#)
        #expect(cluster.conclusion.rootCause?.causeClass == .serviceTargetPortMismatch)
    }

    @Test("given a datagram port that is declared without a protocol beside others, then all is well")
    func datagramsBesideOthers() throws {
        let cluster = try cluster(
            #"[{"name": "web", "port": 8080}, {"name": "agent", "port": 6831, "protocol": "UDP"}]"#,
            declared: #"[{"containerPort": 8080}, {"containerPort": 6831}]"#
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
        #expect(cluster.findings(.serviceProtocolMismatch).map(\.severity) == [.low])
    }

    @Test("given a second port that nobody speaks of, beside one that fits, then it is too thin to be named")
    func secondPort() throws {
        let cluster = try cluster(
            #"[{"name": "web", "port": 80, "targetPort": 8080}, {"name": "metrics", "port": 9090}]"#
        )
        #expect(cluster.conclusion.rootCause == nil)
    }

    @Test("given a headless Service, then its clients ask the pods' own ports")
    func headless() throws {
        let cluster = try cluster(#"[{"port": 80, "targetPort": "http"}]"#, service: #", "clusterIP": "None""#)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given pods of which only some have the name, as during a rollout, then it is less sure")
    func someLack() throws {
        var cluster = try cluster(#"[{"port": 80, "targetPort": "web"}]"#)
        try cluster.app("cart2", labels: #"{"app": "cart"}"#, ports: #"[{"containerPort": 8080}]"#)
        let confidence = try #require(cluster.conclusion.rootCause?.confidence)
        #expect((0.5..<0.7).contains(confidence))
    }

    @Test(
        "given a Service of another protocol than its pods speak, then that is named",
        arguments: [
            (#"[{"port": 8080, "protocol": "UDP"}]"#, ServicePortAnalyzerTests.probe),
            (#"[{"name": "grpc", "port": 80, "targetPort": 8080, "protocol": "UDP"}]"#, ""),
            (#"[{"port": 80, "targetPort": "web", "protocol": "UDP"}]"#, ""),
        ]
    )
    func transport(ports: String, more: String) throws {
        let cause = try #require(try cluster(ports, more: more).conclusion.rootCause)
        #expect(cause.causeClass == .serviceProtocolMismatch)
        #expect(cause.confidence >= 0.9)
    }

    @Test("given a TCP Service for a port that is declared for UDP only, then the protocol is wrong")
    func datagrams() throws {
        let cluster = try cluster(
            #"[{"port": 8080}]"#,
            declared: #"[{"containerPort": 8080, "protocol": "UDP"}]"#
        )
        #expect(cluster.conclusion.rootCause?.causeClass == .serviceProtocolMismatch)
    }

    @Test(
        "given a port that is offered over both, or one on which UDP is usual, then it is no fault",
        arguments: [
            (
                #"[{"name": "a", "port": 8080}, {"name": "b", "port": 8080, "protocol": "UDP"}]"#,
                #"[{"containerPort": 8080}]"#
            ),
            (#"[{"port": 53, "protocol": "UDP"}]"#, #"[{"containerPort": 53}]"#),
        ]
    )
    func bothTransports(ports: String, declared: String) throws {
        #expect(try cluster(ports, declared: declared).conclusion.rootCause == nil)
    }
}
