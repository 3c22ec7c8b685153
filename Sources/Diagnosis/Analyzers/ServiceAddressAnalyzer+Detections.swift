// SPDX-License-Identifier: Apache-2.0

extension ServiceAddressAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .loadBalancerPending,
                kinds: ["Service"],
                proof: "It asks for a load balancer and has no address after five minutes; surer with the "
                    + "words of the controller.",
                remedy: "Look at the controller for load balancers."
            ),
            Detection(
                .serviceAddressConflict,
                kinds: ["Service"],
                proof: "Another Service has its cluster address, or the API server says that its address or "
                    + "node port is not its own.",
                remedy: "Make one of the Services anew."
            ),
            Detection(
                .serviceExternalNameInvalid,
                kinds: ["Service"],
                proof: "It stands for a Service that does not exist, or for an address in the place of a name.",
                remedy: "Correct spec.externalName."
            ),
        ]
    }
}
