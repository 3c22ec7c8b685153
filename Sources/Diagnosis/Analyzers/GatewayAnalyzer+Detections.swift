// SPDX-License-Identifier: Apache-2.0

extension GatewayAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .gatewayClassNotFound,
                kinds: ["Gateway"],
                proof: "There is no GatewayClass of the name.",
                remedy: "Name a class that exists, or install the controller."
            ),
            Detection(
                .gatewayClassNotAccepted,
                kinds: ["GatewayClass"],
                proof: "Its condition Accepted is not True while a Gateway uses it.",
                remedy: "Look at the controller of the class."
            ),
            Detection(
                .gatewayNotAccepted,
                kinds: ["Gateway"],
                proof: "Its condition Accepted is not True for the present generation.",
                remedy: "Correct what the controller objects to."
            ),
            Detection(
                .gatewayNotProgrammed,
                kinds: ["Gateway"],
                proof: "Its condition Programmed is not True for the present generation.",
                remedy: "Look at the controller and at what it is to set up."
            ),
            Detection(
                .gatewayListenerInvalid,
                kinds: ["Gateway"],
                proof: "A listener has unresolved references, is not accepted, or is in conflict with another.",
                remedy: "Correct the listener."
            ),
            Detection(
                .gatewayReferenceNotPermitted,
                kinds: ["Gateway"],
                proof: "A certificate is in another namespace, and no ReferenceGrant there permits it: its controller "
                    + "says so, or says nothing and all of the grants were read.",
                remedy: "Create a ReferenceGrant in the namespace of the Secret."
            ),
        ]
    }
}
