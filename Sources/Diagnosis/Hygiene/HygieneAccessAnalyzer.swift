// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A container has all rights on its node.
    public static let privilegedContainer = CauseClass(rawValue: "PrivilegedContainer")
    /// Pods act as the account that all pods of the namespace have unless told otherwise.
    public static let defaultServiceAccountUsed = CauseClass(rawValue: "DefaultServiceAccountUsed")
    /// A network policy applies to no pod.
    public static let networkPolicyWithoutPods = CauseClass(rawValue: "NetworkPolicyWithoutPods")
    /// A role that somebody has allows everything.
    public static let wildcardPermissions = CauseClass(rawValue: "WildcardPermissions")
}

/// Rights that are wider, and policies that are narrower, than somebody may have meant.
struct HygieneAccessAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.templates.flatMap { object, spec -> [Finding] in
            let privileged = (spec.initContainers + spec.containers).filter { $0.securityContext.isPrivileged == true }
            var findings: [Finding] = []
            if !privileged.isEmpty {
                let names = privileged.map(\.name).joined(separator: ", ")
                findings.append(
                    snapshot.remark(
                        .privilegedContainer,
                        object,
                        "spec.containers[].securityContext.privileged",
                        "container \(names) is privileged"
                    )
                )
            }
            if ["", "default"].contains(spec.serviceAccountName ?? "") {
                findings.append(
                    snapshot.remark(
                        .defaultServiceAccountUsed,
                        object,
                        "spec.serviceAccountName",
                        "its pods act as the ServiceAccount default"
                    )
                )
            }
            return findings
        } + idlePolicies(in: snapshot) + wildcards(in: snapshot)
    }

    /// A role that nobody has been given harms nobody, so that it is the binding which counts.
    private func wildcards(in snapshot: Snapshot) -> [Finding] {
        snapshot.roleBindings.items.compactMap { binding in
            guard binding.roleKind == Role.apiResource.kind, binding.metadata.deletionTimestamp == nil,
                let role = snapshot.roles[binding.roleName, in: binding.metadata.namespace ?? ""]
            else { return nil }
            let fields =
                [("verbs", role.rules.contains { $0.verbs.contains("*") })]
                + [("resources", role.rules.contains { $0.resources.contains("*") })]
            let wide = fields.filter(\.1).map(\.0)
            guard !wide.isEmpty else { return nil }
            return snapshot.remark(
                .wildcardPermissions,
                binding.reference,
                "roleRef",
                "its Role \(role.metadata.name) allows * in \(wide.joined(separator: " and "))"
            )
        }
    }

    private func idlePolicies(in snapshot: Snapshot) -> [Finding] {
        snapshot.networkPolicies.items.compactMap { policy in
            let namespace = policy.metadata.namespace ?? ""
            // An empty selector means all pods, those of tomorrow too.
            guard !policy.podSelector.isEmpty, snapshot.coverage["Pod", default: .nothing].includes(namespace),
                snapshot.pods(matching: policy.podSelector, in: namespace).isEmpty
            else { return nil }
            return snapshot.remark(
                .networkPolicyWithoutPods,
                policy.reference,
                "spec.podSelector",
                "it selects no pod"
            )
        }
    }

    var detections: [Detection] {
        [
            Detection(
                .privilegedContainer,
                kinds: ["Workload", "Pod"],
                category: .hygiene,
                proof: "A container, or init container, has privileged: true.",
                remedy: "Give it the single capabilities that it needs."
            ),
            Detection(
                .defaultServiceAccountUsed,
                kinds: ["Workload", "Pod"],
                category: .hygiene,
                proof: "The pods name no ServiceAccount, or default.",
                remedy: "Give the program an account of its own, with the rights that it needs."
            ),
            Detection(
                .networkPolicyWithoutPods,
                kinds: ["NetworkPolicy"],
                category: .hygiene,
                proof:
                    "Its pod selector is not empty and matches none of the namespace's pods, all of which were read.",
                remedy: "Correct the selector, or delete the policy."
            ),
            Detection(
                .wildcardPermissions,
                kinds: ["RoleBinding"],
                category: .hygiene,
                proof: "The Role that it gives has * among the verbs or resources of a rule.",
                remedy: "Name what is needed: what comes to the API later is allowed as well otherwise."
            ),
        ]
    }
}
