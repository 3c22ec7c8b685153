// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// Objects in which every field is set, to something that is not its default and that the schema allows.
enum Maximal {
    static let time = Timestamp(seconds: 1_800_000_000)
    static let sha256 = String(repeating: "0123456789abcdef", count: 4)

    /// A reference with the parts that every field for a reference has room for.
    static let object = ObjectReference(apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "cart")

    /// A reference with the uid as well.
    static var identified: ObjectReference {
        var reference = object
        reference.uid = "9a7c3c1e-7a0a-4a53-9d27-0d8a2f1f4b11"
        return reference
    }

    static func condition(_ type: String) -> Condition {
        Condition(
            type: type,
            status: .true,
            reason: "Tested",
            message: "it is so",
            lastTransitionTime: time,
            observedGeneration: 1
        )
    }

    static var step: ExecutionPlan.Step {
        ExecutionPlan.Step(
            name: "logs",
            tool: "kubectl",
            action: "get_logs",
            target: object,
            params: ["tailLines": "100", "previous": "true"],
            timeoutSeconds: 30,
            onFailure: .continue
        )
    }
}
