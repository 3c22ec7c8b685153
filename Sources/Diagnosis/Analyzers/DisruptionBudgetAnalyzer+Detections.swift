// SPDX-License-Identifier: Apache-2.0

extension DisruptionBudgetAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .disruptionBudgetBlocksEviction,
                kinds: ["PodDisruptionBudget"],
                proof: "It allows no eviction although all its pods are well; the answer only if a node with "
                    + "one of them is cordoned.",
                remedy: "Allow one disruption, or run one replica more."
            ),
            Detection(
                .disruptionBudgetOverlap,
                kinds: ["PodDisruptionBudget"],
                proof: "Several select one pod; the answer only if its node is cordoned.",
                remedy: "Leave the pods one budget."
            ),
            Detection(
                .disruptionBudgetSyncFailed,
                kinds: ["PodDisruptionBudget"],
                proof: "Its condition says that its controller cannot count the pods.",
                remedy: "Look at who controls the pods."
            ),
        ]
    }
}
