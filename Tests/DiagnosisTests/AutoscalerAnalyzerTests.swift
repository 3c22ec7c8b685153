// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("AutoscalerAnalyzer")
struct AutoscalerAnalyzerTests {
    private func cluster(
        target: String = "cart",
        conditions: String = "[]",
        limits: String = "1, 5",
        resources: String = "{}"
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.app("cart", more: #", "resources": \#(resources)"#)
        let bounds = limits.split(separator: ", ")
        try cluster.add(
            \.horizontalPodAutoscalers,
            "cart",
            """
            "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "\(target)"},
              "minReplicas": \(bounds[0]), "maxReplicas": \(bounds[1]),
              "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}]},
            "status": {"currentReplicas": 5, "desiredReplicas": 5, "conditions": \(conditions)}
            """
        )
        cluster.completeNamespace()
        return cluster
    }

    private static func condition(_ type: String, _ status: String, _ reason: String, _ message: String = "") -> String
    {
        #"[{"type": "\#(type)", "status": "\#(status)", "reason": "\#(reason)", "message": "\#(message)"}]"#
    }

    @Test("given an autoscaler that does its work, then all is well")
    func healthy() throws {
        let conditions = Self.condition("ScalingActive", "True", "ValidMetricFound")
        #expect(try cluster(conditions: conditions).conclusion.terminationReason == .healthy)
    }

    @Test("given a target that does not exist, then the autoscaler is to be corrected")
    func target() throws {
        #expect(try cluster(target: "carts").conclusion.rootCause?.causeClass == .autoscalerTargetNotFound)
    }

    @Test("given workloads that were not read, then the target is not said to be missing")
    func unread() throws {
        var cluster = try cluster(target: "carts")
        cluster.edit { $0.coverage = [:] }
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given a share of requests that there are not, then the workload is to be corrected")
    func requests() throws {
        let conditions = Self.condition(
            "ScalingActive",
            "False",
            "FailedGetResourceMetric",
            "missing request for cpu in container app"
        )
        let cause = try #require(try cluster(conditions: conditions).conclusion.rootCause)
        #expect(cause.causeClass == .autoscalerRequestsMissing)
        #expect(cause.object.description == "Deployment/shop/cart")

        let other = try cluster(conditions: conditions, resources: #"{"requests": {"cpu": "1"}}"#).conclusion
        #expect(other.rootCause?.causeClass == .autoscalerMetricsUnavailable)
    }

    @Test(
        "given a condition, then it is classified",
        arguments: [
            ("AbleToScale", "False", "FailedGetScale", "AutoscalerUnableToScale"),
            ("ScalingActive", "False", "InvalidSelector", "AutoscalerInvalid"),
        ]
    )
    func conditions(type: String, status: String, reason: String, expected: String) throws {
        let conditions = Self.condition(type, status, reason)
        let conclusion = try cluster(conditions: conditions, resources: #"{"requests": {"cpu": "1"}}"#).conclusion
        #expect(conclusion.rootCause?.causeClass.rawValue == expected)
    }

    @Test(
        "given what is no fault of the autoscaler, then it is not named",
        arguments: [
            condition("ScalingActive", "False", "ScalingDisabled"),
            condition("ScalingLimited", "True", "TooFewReplicas"),
            condition(
                "ScalingActive",
                "False",
                "FailedGetResourceMetric",
                "did not receive metrics for any ready pods"
            ),
        ]
    )
    func harmless(conditions: String) throws {
        let conclusion = try cluster(conditions: conditions, resources: #"{"requests": {"cpu": "1"}}"#).conclusion
        #expect(conclusion.terminationReason == .healthy)
    }

    @Test("given an autoscaler at its maximum, then it is a candidate and not the answer")
    func maximum() throws {
        let conclusion = try cluster(conditions: Self.condition("ScalingLimited", "True", "TooManyReplicas")).conclusion
        #expect(conclusion.rootCause == nil)
        #expect(conclusion.candidates.map(\.causeClass) == [.autoscalerAtMaximum])
    }

    @Test("given a minimum above the maximum, then that is named")
    func contradiction() throws {
        #expect(try cluster(limits: "6, 5").conclusion.rootCause?.causeClass == .autoscalerInvalid)
    }
}
