// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension FieldChecks {
    mutating func agent(_ field: String, _ settings: ClusterAgent.AgentSettings) {
        text("\(field).image", settings.image, 1...1024, .noSpace)
        texts("\(field).resources.requests", settings.resources?.requests ?? [:], atMost: 16, each: 0...64, .quantity)
        texts("\(field).resources.limits", settings.resources?.limits ?? [:], atMost: 16, each: 0...64, .quantity)
        requests("\(field).resources.requests", settings.resources)
        texts("\(field).nodeSelector", settings.nodeSelector, atMost: 32, each: 0...63)
        count("\(field).tolerations", settings.tolerations, 0...32)
        for (index, toleration) in settings.tolerations.enumerated() {
            self.toleration("\(field).tolerations[\(index)]", toleration)
        }
    }

    /// What is reserved for a container must not be more than it may use: the API server would refuse its pod.
    private mutating func requests(_ field: String, _ resources: ClusterAgent.ContainerResources?) {
        for (name, text) in (resources?.requests ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let limit = resources?.limits[name], let most = Quantity(limit), let amount = Quantity(text),
                amount > most
            else { continue }
            report(field, "has \(text) of \(name), more than the limit \(limit): lower it, or raise the limit")
        }
    }

    /// The schema's rules, and those by which the API server would refuse the agent's Deployment.
    private mutating func toleration(_ field: String, _ toleration: ClusterAgent.Toleration) {
        text("\(field).key", toleration.key, 0...317)
        known("\(field).operator", toleration.operator)
        text("\(field).value", toleration.value, 0...63)
        known("\(field).effect", toleration.effect)
        range("\(field).tolerationSeconds", toleration.tolerationSeconds, 0...9_007_199_254_740_991)
        if toleration.key?.nonEmpty == nil, toleration.operator != .exists {
            report("\(field).operator", "is not Exists; a toleration without key needs operator Exists")
        }
        if toleration.value?.nonEmpty != nil, toleration.operator == .exists {
            report("\(field).value", "is set; operator Exists takes no value")
        }
        if toleration.tolerationSeconds != nil, toleration.effect != .noExecute {
            report("\(field).tolerationSeconds", "is set; only effect NoExecute takes it")
        }
    }
}
