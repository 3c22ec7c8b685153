// SPDX-License-Identifier: Apache-2.0
import JSON

/// One rule of a Role or ClusterRole.
struct PolicyRule: Sendable, Hashable {
    var groups: [String]
    var resources: [String]
    /// The only objects that the rule is about; empty for all.
    var names: [String] = []
    var verbs: [String]

    var json: JSONValue {
        var rule: JSONValue = ["apiGroups": .strings(groups), "resources": .strings(resources)]
        if !names.isEmpty { rule["resourceNames"] = .strings(names) }
        rule["verbs"] = .strings(verbs)
        return rule
    }
}

extension [PolicyRule] {
    var json: JSONValue { .array(map(\.json)) }
}

extension PolicyRule {
    /// What an agent reads in the cluster that it observes: all that diagnoses look at, and no Secret.
    static let observation: [PolicyRule] = [
        PolicyRule(
            groups: [""],
            resources: [
                "configmaps", "endpoints", "events", "limitranges", "namespaces", "nodes", "persistentvolumeclaims",
                "persistentvolumes", "pods", "replicationcontrollers", "resourcequotas", "serviceaccounts", "services",
            ],
            verbs: look
        ),
        PolicyRule(groups: [""], resources: ["pods/log"], verbs: ["get"]),
        PolicyRule(
            groups: ["admissionregistration.k8s.io"],
            resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
            verbs: look
        ),
        PolicyRule(groups: ["apiregistration.k8s.io"], resources: ["apiservices"], verbs: look),
        PolicyRule(
            groups: ["apps"],
            resources: ["daemonsets", "deployments", "replicasets", "statefulsets"],
            verbs: look
        ),
        PolicyRule(groups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: look),
        PolicyRule(groups: ["batch"], resources: ["cronjobs", "jobs"], verbs: look),
        PolicyRule(groups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: look),
        PolicyRule(
            groups: ["gateway.networking.k8s.io"],
            resources: ["gatewayclasses", "gateways", "grpcroutes", "httproutes"],
            verbs: look
        ),
        PolicyRule(groups: ["metrics.k8s.io"], resources: ["nodes", "pods"], verbs: ["get", "list"]),
        PolicyRule(
            groups: ["networking.k8s.io"],
            resources: ["ingressclasses", "ingresses", "networkpolicies"],
            verbs: look
        ),
        PolicyRule(groups: ["node.k8s.io"], resources: ["runtimeclasses"], verbs: look),
        PolicyRule(groups: ["policy"], resources: ["poddisruptionbudgets"], verbs: look),
        PolicyRule(groups: ["scheduling.k8s.io"], resources: ["priorityclasses"], verbs: look),
        PolicyRule(groups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: look),
    ]

    private static let look = ["get", "list", "watch"]
}
