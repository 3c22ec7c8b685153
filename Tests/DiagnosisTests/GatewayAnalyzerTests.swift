// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import Testing

@Suite("GatewayAnalyzer and RouteAnalyzer")
struct GatewayAnalyzerTests {
    private static func condition(_ type: String, _ status: String, _ reason: String, generation: Int = 1) -> String {
        """
        {"type": "\(type)", "status": "\(status)", "reason": "\(reason)", "message": "",
         "observedGeneration": \(generation)}
        """
    }
    private static let good = [
        condition("Accepted", "True", "Accepted"), condition("Programmed", "True", "Programmed"),
    ]

    private func cluster(
        conditions: [String] = GatewayAnalyzerTests.good,
        listeners: String = "[]",
        classConditions: [String] = [GatewayAnalyzerTests.condition("Accepted", "True", "Accepted")],
        from: String = "Same",
        className: String = "edge"
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.add(
            \.gatewayClasses,
            "edge",
            """
            "spec": {"controllerName": "example.com/edge"},
            "status": {"conditions": [\(classConditions.joined(separator: ", "))]}
            """
        )
        try cluster.add(
            \.gateways,
            "front",
            """
            "spec": {"gatewayClassName": "\(className)", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP",
              "allowedRoutes": {"namespaces": {"from": "\(from)"}}}]},
            "status": {"conditions": [\(conditions.joined(separator: ", "))], "listeners": \(listeners)}
            """
        )
        cluster.edit { $0.gateways.update { $0.metadata.generation = 1 } }
        cluster.complete(\.gatewayClasses)
        cluster.complete(\.gateways)
        return cluster
    }

    private func route(
        _ cluster: inout Fixture,
        namespace: String = "shop",
        parent: String = #"{"name": "front", "namespace": "shop"}"#,
        backend: String = #"{"name": "cart", "port": 80}"#,
        parents: String = "[]"
    ) throws {
        try cluster.app("cart")
        try cluster.service("cart")
        cluster.completeNamespace()
        cluster.complete(\.services)
        let route = try JSON.decode(
            Route.self,
            from: """
                {"kind": "HTTPRoute", "metadata": {"name": "cart", "namespace": "\(namespace)", "generation": 1},
                 "spec": {"parentRefs": [\(parent)], "rules": [{"backendRefs": [\(backend)]}]},
                 "status": {"parents": \(parents)}}
                """
        )
        cluster.edit { $0.routes.add([route], coverage: .everything) }
    }

    @Test("given a gateway and a route that serve, then all is well")
    func healthy() throws {
        var cluster = try cluster()
        try route(&cluster)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test(
        "given a gateway that its controller does not set up, then the reason is quoted",
        arguments: [
            ([condition("Accepted", "False", "InvalidParameters")], "GatewayNotAccepted"),
            (
                [condition("Accepted", "True", "Accepted"), condition("Programmed", "False", "AddressNotUsable")],
                "GatewayNotProgrammed"
            ),
            ([condition("Accepted", "Unknown", "Pending")], "GatewayNotAccepted"),
        ]
    )
    func gateway(conditions: [String], expected: String) throws {
        let cause = try #require(try cluster(conditions: conditions).conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
        #expect(cause.object.description == "Gateway/shop/front")
    }

    @Test("given a condition of an earlier generation, then it says nothing about this one")
    func staleCondition() throws {
        let cluster = try cluster(conditions: [Self.condition("Programmed", "False", "Invalid", generation: 0)])
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given a class that does not exist, or that nobody has taken, then that is named")
    func gatewayClass() throws {
        let missing = try cluster(conditions: [], className: "egde").conclusion
        #expect(missing.rootCause?.causeClass == .gatewayClassNotFound)
        let refused = try cluster(classConditions: [Self.condition("Accepted", "False", "InvalidParameters")])
            .conclusion
        #expect(refused.rootCause?.causeClass == .gatewayClassNotAccepted)
        #expect(refused.rootCause?.object.description == "GatewayClass/edge")
    }

    @Test("given a listener that cannot serve, then it is named before the gateway as a whole")
    func listener() throws {
        let listeners = """
            [{"name": "http", "conditions": [\(Self.condition("ResolvedRefs", "False", "InvalidCertificateRef")),
              \(Self.condition("Programmed", "False", "Invalid"))]}]
            """
        let conditions = [Self.condition("Programmed", "False", "ListenersNotValid")]
        let cause = try #require(try cluster(conditions: conditions, listeners: listeners).conclusion.rootCause)
        #expect(cause.causeClass == .gatewayListenerInvalid)
        #expect(cause.message.contains("InvalidCertificateRef"))
    }

    @Test(
        "given what the controller says of a route, then it is classified",
        arguments: [
            ("Accepted", "NotAllowedByListeners", "RouteNotAccepted"),
            ("ResolvedRefs", "BackendNotFound", "RouteBackendNotFound"),
            ("ResolvedRefs", "RefNotPermitted", "RouteReferenceNotPermitted"),
            ("ResolvedRefs", "InvalidKind", "RouteReferencesUnresolved"),
            ("ResolvedRefs", "PortNotFound", "RouteBackendPortNotFound"),
        ]
    )
    func statedOfRoute(type: String, reason: String, expected: String) throws {
        var cluster = try cluster()
        let condition = Self.condition(type, "False", reason)
        try route(
            &cluster,
            parents: """
                [{"parentRef": {"name": "front", "namespace": "shop"}, "controllerName": "example.com/edge",
                  "conditions": [\(condition)]}]
                """
        )
        #expect(cluster.conclusion.rootCause?.causeClass.rawValue == expected)
    }

    @Test(
        "given a reason that leaves open what is wrong, then a Service or port that is not there says it",
        arguments: [
            (#"{"name": "gone", "port": 80}"#, "RouteBackendNotFound"),
            (#"{"name": "cart", "port": 81}"#, "RouteBackendPortNotFound"),
            (#"{"name": "cart", "port": 80}"#, "RouteReferencesUnresolved"),
        ]
    )
    func provenOfRoute(backend: String, expected: String) throws {
        var cluster = try cluster()
        try route(
            &cluster,
            backend: backend,
            parents: """
                [{"parentRef": {"name": "front", "namespace": "shop"}, "controllerName": "example.com/edge",
                  "conditions": [\(Self.condition("ResolvedRefs", "False", "BackendsNotResolved"))]}]
                """
        )
        let conclusion = cluster.conclusion
        #expect(conclusion.rootCause?.causeClass.rawValue == expected)
        #expect(conclusion.candidates.count == 1)
    }

    @Test(
        "given a route on which nobody has a word to say, then its references are followed",
        arguments: [
            (#"{"name": "back", "namespace": "shop"}"#, #"{"name": "cart", "port": 80}"#, "RouteParentNotFound"),
            (
                #"{"name": "front", "namespace": "shop", "sectionName": "https"}"#, #"{"name": "cart", "port": 80}"#,
                "RouteParentNotFound"
            ),
            (#"{"name": "front", "namespace": "shop"}"#, #"{"name": "carts", "port": 80}"#, "RouteBackendNotFound"),
            (#"{"name": "front", "namespace": "shop"}"#, #"{"name": "cart", "port": 81}"#, "RouteBackendPortNotFound"),
        ]
    )
    func references(parent: String, backend: String, expected: String) throws {
        var cluster = try cluster()
        try route(&cluster, parent: parent, backend: backend)
        #expect(cluster.conclusion.rootCause?.causeClass.rawValue == expected)
    }

    @Test("given a route of another namespace, then a listener has to admit it", arguments: ["Same", "All"])
    func otherNamespace(from: String) throws {
        var cluster = try cluster(from: from)
        try route(&cluster, namespace: "lab", backend: #"{"name": "cart", "namespace": "shop", "port": 80}"#)
        #expect(cluster.conclusion.rootCause?.causeClass == (from == "Same" ? .routeNotAccepted : nil))
    }

    @Test("given a backend of another kind, or a list that was not read, then nothing is said of it")
    func otherKind() throws {
        var cluster = try cluster()
        try route(&cluster, backend: #"{"group": "example.com", "kind": "Bucket", "name": "files"}"#)
        #expect(cluster.conclusion.terminationReason == .healthy)
        var unread = Fixture()
        let route = try JSON.decode(
            Route.self,
            from: """
                {"kind": "HTTPRoute", "metadata": {"name": "cart", "namespace": "shop"}, "spec":
                 {"parentRefs": [{"name": "front"}], "rules": [{"backendRefs": [{"name": "cart", "port": 80}]}]}}
                """
        )
        unread.edit { $0.routes.add([route], coverage: .everything) }
        #expect(unread.conclusion.terminationReason == .healthy)
    }

    // MARK: ReferenceGrants

    /// A grant in a namespace, for objects of a kind in namespace `source`.
    private func grant(
        _ cluster: inout Fixture,
        from kind: String,
        in source: String,
        to target: String,
        of namespace: String = "shop"
    ) throws {
        let grant = try JSON.decode(
            ReferenceGrant.self,
            from: """
                {"metadata": {"name": "grant", "namespace": "\(namespace)"}, "spec": {"to": [\(target)],
                 "from": [{"group": "gateway.networking.k8s.io", "kind": "\(kind)", "namespace": "\(source)"}]}}
                """
        )
        cluster.edit { $0.referenceGrants.add([grant], coverage: .everything) }
    }

    /// A route of namespace `lab` that leads to Service `cart` of namespace `shop`.
    private func abroad(parents: String = "[]") throws -> Fixture {
        var cluster = try cluster(from: "All")
        try route(
            &cluster,
            namespace: "lab",
            backend: #"{"name": "cart", "namespace": "shop", "port": 80}"#,
            parents: parents
        )
        cluster.complete(\.referenceGrants)
        return cluster
    }

    @Test("given a route into another namespace that no grant permits, then that is the cause")
    func withoutGrant() throws {
        let cause = try #require(try abroad().conclusion.rootCause)
        #expect(cause.causeClass == .routeReferenceNotPermitted)
        #expect(cause.object.description == "HTTPRoute/lab/cart")
        #expect(cause.related.map(\.description) == ["Service/shop/cart"])
    }

    @Test(
        "given a grant, then it has to name the kind and namespace of the route, and the Service",
        arguments: [
            ("HTTPRoute", "lab", #"{"group": "", "kind": "Service"}"#, true),
            ("HTTPRoute", "lab", #"{"group": "", "kind": "Service", "name": "cart"}"#, true),
            ("HTTPRoute", "lab", #"{"group": "", "kind": "Service", "name": "stock"}"#, false),
            ("HTTPRoute", "lab", #"{"group": "", "kind": "Secret"}"#, false),
            ("GRPCRoute", "lab", #"{"group": "", "kind": "Service"}"#, false),
            ("HTTPRoute", "shop", #"{"group": "", "kind": "Service"}"#, false),
        ]
    )
    func grants(kind: String, namespace: String, target: String, isEnough: Bool) throws {
        var cluster = try abroad()
        try grant(&cluster, from: kind, in: namespace, to: target)
        #expect(cluster.findings(.routeReferenceNotPermitted).isEmpty == isEnough)
    }

    @Test("given grants that were not read, or a controller that has resolved the reference, then nothing is said")
    func unknownGrants() throws {
        var unread = try abroad()
        unread.edit { $0.referenceGrants = Inventory() }
        #expect(unread.conclusion.terminationReason == .healthy)
        #expect(Analyzers.consults(in: unread.snapshot).contains(ReferenceGrant.apiResource))
        let condition = Self.condition("ResolvedRefs", "True", "ResolvedRefs")
        let resolved = try abroad(
            parents: """
                [{"parentRef": {"name": "front", "namespace": "shop"}, "controllerName": "example.com/edge",
                  "conditions": [\(condition)]}]
                """
        )
        #expect(resolved.conclusion.terminationReason == .healthy)
        #expect(!Analyzers.consults(in: resolved.snapshot).contains(ReferenceGrant.apiResource))
    }

    /// A Gateway of namespace `shop` with a certificate of namespace `vault`.
    private func certificate(statuses: String = "[]") throws -> Fixture {
        var cluster = try cluster(conditions: [], listeners: statuses)
        let listener = try JSON.decode(
            GatewayListener.self,
            from: """
                {"name": "https", "port": 443, "protocol": "HTTPS",
                 "tls": {"certificateRefs": [{"name": "tls", "namespace": "vault"}]}}
                """
        )
        cluster.edit { $0.gateways.update { $0.listeners = [listener] } }
        cluster.complete(\.referenceGrants)
        return cluster
    }

    @Test("given a certificate of another namespace that no grant permits, then that is the cause")
    func forbiddenCertificate() throws {
        let cause = try #require(try certificate().conclusion.rootCause)
        #expect(cause.causeClass == .gatewayReferenceNotPermitted)
        #expect(cause.object.description == "Gateway/shop/front")
        for (namespace, isEnough) in [("vault", true), ("shop", false)] {
            var cluster = try certificate()
            let target = #"{"group": "", "kind": "Secret"}"#
            try grant(&cluster, from: "Gateway", in: "shop", to: target, of: namespace)
            #expect((cluster.conclusion.terminationReason == .healthy) == isEnough)
        }
    }

    @Test("given what the controller says of the listener, then that counts, and its reason gives the class")
    func statedOfCertificate() throws {
        func listener(_ status: String, _ reason: String) -> String {
            #"[{"name": "https", "conditions": [\#(Self.condition("ResolvedRefs", status, reason))]}]"#
        }
        let refused = try certificate(statuses: listener("False", "RefNotPermitted")).conclusion
        #expect(refused.rootCause?.causeClass == .gatewayReferenceNotPermitted)
        #expect(refused.rootCause?.related.map(\.description) == ["Secret/vault/tls"])
        let invalid = try certificate(statuses: listener("False", "InvalidCertificateRef")).conclusion
        #expect(invalid.rootCause?.causeClass == .gatewayListenerInvalid)
        #expect(try certificate(statuses: listener("True", "ResolvedRefs")).conclusion.terminationReason == .healthy)
    }
}
