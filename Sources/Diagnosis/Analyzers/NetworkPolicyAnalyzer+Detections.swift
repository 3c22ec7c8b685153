// SPDX-License-Identifier: Apache-2.0

extension NetworkPolicyAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .networkPolicyBlocksTraffic,
                kinds: ["NetworkPolicy"],
                proof: "A process complains that a Service does not answer, and the policies of both sides "
                    + "let none of its ports through.",
                remedy: "Allow the traffic in a policy."
            ),
            Detection(
                .networkPolicyBlocksDNS,
                kinds: ["NetworkPolicy"],
                proof: "A process complains that names do not resolve, and its policies allow nothing on "
                    + "port 53.",
                remedy: "Allow port 53 to the DNS pods."
            ),
        ]
    }
}
