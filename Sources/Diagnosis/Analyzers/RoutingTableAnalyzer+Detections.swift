// SPDX-License-Identifier: Apache-2.0

extension RoutingTableAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .gatewayRouteInvalid,
                kinds: ["Service"],
                proof: "In a table of routes that a gateway has from a ConfigMap, the route with the name of "
                    + "this app leads to another one or to none, and no other leads to it.",
                remedy: "Correct the route in the gateway's configuration."
            )
        ]
    }
}
