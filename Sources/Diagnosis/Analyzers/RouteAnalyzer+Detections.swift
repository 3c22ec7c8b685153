// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension RouteAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .routeParentNotFound,
                kinds: Route.kinds.map(\.kind),
                proof: "The Gateway or listener of a parentRef does not exist.",
                remedy: "Name a Gateway and a listener that exist."
            ),
            Detection(
                .routeNotAccepted,
                kinds: Route.kinds.map(\.kind),
                proof: "A Gateway says that it does not let it in, or none of its listeners admits the "
                    + "namespace.",
                remedy: "Let the listener admit the route."
            ),
            Detection(
                .routeBackendNotFound,
                kinds: Route.kinds.map(\.kind),
                proof: "The Service of a backendRef does not exist.",
                remedy: "Create the Service, or correct its name."
            ),
            Detection(
                .routeBackendPortNotFound,
                kinds: Route.kinds.map(\.kind),
                proof: "The Service of a backendRef has no such port.",
                remedy: "Name a port of the Service."
            ),
            Detection(
                .routeReferenceNotPermitted,
                kinds: Route.kinds.map(\.kind),
                proof:
                    "A Service is in another namespace, and no ReferenceGrant there permits it: its controller says so, "
                    + "or says nothing and all of the grants were read.",
                remedy: "Create a ReferenceGrant in the namespace of the Service."
            ),
            Detection(
                .routeReferencesUnresolved,
                kinds: Route.kinds.map(\.kind),
                proof: "Its condition ResolvedRefs is False for another reason.",
                remedy: "Correct the reference."
            ),
        ]
    }
}
