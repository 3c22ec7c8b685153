// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ServiceAddressAnalyzer")
struct ServiceAddressAnalyzerTests {
    private func cluster(_ more: String, age: Int = 3600) throws -> Fixture {
        var cluster = Fixture()
        try cluster.app("cart")
        try cluster.service("cart", more: more)
        cluster.edit { snapshot in
            snapshot.services.update { $0.metadata.creationTimestamp = Fixture.now.advanced(by: .seconds(-age)) }
        }
        cluster.completeNamespace()
        cluster.complete(\.services)
        return cluster
    }

    private static let balancer = #", "type": "LoadBalancer", "clusterIP": "10.1.0.1""#

    @Test("given a load balancer that the cloud refuses, then its words are quoted")
    func refused() throws {
        var cluster = try cluster(Self.balancer)
        try cluster.event(kind: "Service", "cart", reason: "SyncLoadBalancerFailed", "quota of addresses is used up")
        cluster.edit { $0.events[0].type = "Warning" }
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .loadBalancerPending)
        #expect(cause.message.contains("quota of addresses"))
    }

    @Test("given nobody who says why, then it may be that there is no such controller, and it is not the answer")
    func silent() throws {
        #expect(try cluster(Self.balancer).conclusion.rootCause == nil)
        #expect(try cluster(Self.balancer).findings(.loadBalancerPending).count == 1)
    }

    @Test("given a Service that is a minute old, then its load balancer may still come")
    func young() throws {
        #expect(try cluster(Self.balancer, age: 60).conclusion.terminationReason == .healthy)
    }

    @Test(
        "given a name that leads nowhere, then the Service is to be corrected",
        arguments: ["192.0.2.10", "orders.shop.svc.cluster.local"]
    )
    func externalName(name: String) throws {
        let cluster = try cluster(#", "type": "ExternalName", "externalName": "\#(name)""#)
        #expect(cluster.conclusion.rootCause?.causeClass == .serviceExternalNameInvalid)
    }

    @Test(
        "given a name of somebody else, or of a Service that exists, then all is well",
        arguments: ["db.example.com", "cart.shop.svc.cluster.local"]
    )
    func goodName(name: String) throws {
        let cluster = try cluster(#", "type": "ExternalName", "externalName": "\#(name)""#)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given two Services with one address, then that is a conflict; headless ones have none")
    func sharedAddress() throws {
        for (address, isConflict) in [("10.1.0.1", true), ("None", false)] {
            var cluster = try cluster(#", "clusterIP": "\#(address)""#)
            try cluster.service("cart-too", selector: #"{"app": "cart"}"#, more: #", "clusterIP": "\#(address)""#)
            #expect(cluster.findings(.serviceAddressConflict).isEmpty != isConflict)
        }
    }

    @Test("given what the API server says of an allocation, then it counts while it is said", arguments: [60, 7200])
    func allocation(secondsAgo: Int) throws {
        var cluster = try cluster("")
        try cluster.event(
            kind: "Service",
            "cart",
            reason: "PortAlreadyAllocated",
            secondsAgo: secondsAgo,
            "Port 30080 was assigned to multiple services; please recreate service"
        )
        #expect(cluster.findings(.serviceAddressConflict).isEmpty == (secondsAgo > 900))
    }
}
