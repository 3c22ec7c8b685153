// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("APIExtensionAnalyzer")
struct APIExtensionAnalyzerTests {
    private func apiService(_ status: String) throws -> Fixture {
        var cluster = Fixture()
        try cluster.add(
            \.apiServices,
            "v1beta1.metrics.example",
            """
            "spec": {"group": "metrics.example", "version": "v1beta1", "service": {"namespace": "shop", "name": "metrics"}},
            "status": {"conditions": [{"type": "Available", "status": "\(status)", "reason": "MissingEndpoints",
              "message": "endpoints for service/metrics have no addresses"}]}
            """
        )
        return cluster
    }

    @Test("given an API that another server does not provide, then it is named")
    func unavailable() throws {
        let cause = try #require(try apiService("False").conclusion.rootCause)
        #expect(cause.causeClass == .apiServiceUnavailable)
        #expect(cause.object.description == "APIService/v1beta1.metrics.example")
        #expect(cause.message.contains("MissingEndpoints"))
    }

    @Test("given an API that is available, then all is well")
    func available() throws {
        #expect(try apiService("True").conclusion.terminationReason == .healthy)
    }

    private func definition(_ conditions: String, conversion: String = "{}") throws -> Fixture {
        var cluster = Fixture()
        try cluster.add(
            \.customResourceDefinitions,
            "carts.shop.example",
            """
            "spec": {"group": "shop.example", "names": {"kind": "Cart", "plural": "carts"}, "scope": "Namespaced",
              "conversion": \(conversion)},
            "status": {"conditions": [\(conditions)]}
            """
        )
        cluster.complete(\.services)
        return cluster
    }

    @Test(
        "given a definition that is not served, then it is named, the names first",
        arguments: [
            (
                #"{"type": "Established", "status": "False", "reason": "Installing"}"#,
                "CustomResourceDefinitionNotEstablished"
            ),
            (
                #"{"type": "Established", "status": "False", "reason": "NotAccepted"}, {"type": "NamesAccepted", "status": "False", "reason": "ShortNamesConflict"}"#,
                "CustomResourceDefinitionNamesConflict"
            ),
        ]
    )
    func notEstablished(conditions: String, expected: String) throws {
        #expect(try definition(conditions).conclusion.rootCause?.causeClass.rawValue == expected)
    }

    @Test("given a definition whose converter is gone, then it is named; one that is there is not")
    func conversion() throws {
        let good = #"{"type": "Established", "status": "True", "reason": "InitialNamesAccepted"}"#
        let conversion = """
            {"strategy": "Webhook", "webhook": {"clientConfig": {"service": {"namespace": "shop", "name": "convert"}}}}
            """
        var cluster = try definition(good, conversion: conversion)
        #expect(cluster.conclusion.rootCause?.causeClass == .conversionWebhookNotFound)
        try cluster.service("convert", selector: "{}")
        #expect(cluster.conclusion.terminationReason == .healthy)
    }
}
