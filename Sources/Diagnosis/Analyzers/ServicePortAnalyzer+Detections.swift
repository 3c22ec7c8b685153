// SPDX-License-Identifier: Apache-2.0

extension ServicePortAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .serviceTargetPortMismatch,
                kinds: ["Service"],
                proof: "It forwards to a name that no port of its pods has, or to a number that nothing in "
                    + "the pods speaks of while they serve others.",
                remedy: "Let targetPort be the port on which the pods listen."
            ),
            Detection(
                .serviceProtocolMismatch,
                kinds: ["Service"],
                proof: "It forwards UDP to a port that the pods declare or prove to serve over TCP, or the "
                    + "other way round.",
                remedy: "Set the protocol that the pods speak."
            ),
        ]
    }
}
