// SPDX-License-Identifier: Apache-2.0

extension ImagePullAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .imageNotFound,
                kinds: ["Workload"],
                proof: "The registry says that it has no such name, tag or digest.",
                remedy: "Correct the image, or push it."
            ),
            Detection(
                .invalidImageReference,
                kinds: ["Workload"],
                proof: "The kubelet cannot parse the image's name.",
                remedy: "Correct the image's name."
            ),
            Detection(
                .imagePullUnauthorized,
                kinds: ["Workload"],
                proof: "The registry refuses the pull for lack of valid credentials.",
                remedy: "Give the pod or its service account an image pull Secret that is valid."
            ),
            Detection(
                .imagePullSecretMissing,
                kinds: ["Workload"],
                proof: "The registry refuses the pull, and the kubelet says that the pull Secret does not exist.",
                remedy: "Create the pull Secret, or correct its name."
            ),
            Detection(
                .imageRegistryUnresolvable,
                kinds: ["Workload"],
                proof: "The host name of the registry does not resolve.",
                remedy: "Correct the host name, or the name resolution of the node."
            ),
            Detection(
                .imageRegistryUnreachable,
                kinds: ["Workload"],
                proof: "The registry does not answer, or its TLS certificate is not accepted.",
                remedy: "Look at the way from the node to the registry."
            ),
            Detection(
                .imageRegistryTLSFailed,
                kinds: ["Workload"],
                proof: "The pull fails because the registry's certificate is not accepted, or it does not speak TLS.",
                remedy: "Give the nodes the registry's certificate authority, or correct the registry's certificate."
            ),
            Detection(
                .imageRegistryFailing,
                kinds: ["Workload"],
                proof: "The registry answers with an error of its own (5xx).",
                remedy: "Look at the registry; the kubelet tries again by itself."
            ),
            Detection(
                .imagePullRateLimited,
                kinds: ["Workload"],
                proof: "The registry refuses the pull because there have been too many.",
                remedy: "Pull with credentials, or from a mirror."
            ),
            Detection(
                .imageArchitectureMismatch,
                kinds: ["Workload"],
                proof: "The registry has no image for the platform of the node.",
                remedy: "Build the image for that platform, or choose nodes of another one."
            ),
            Detection(
                .nodeDiskPressure,
                kinds: ["Node"],
                proof: "The pull fails because the node has no space left.",
                remedy: "Free space on the node, or give it more."
            ),
            Detection(
                .imageNeverPulled,
                kinds: ["Workload"],
                proof: "The image is not on the node and the pull policy is Never.",
                remedy: "Load the image onto the node, or change the pull policy."
            ),
            Detection(
                .imageSignatureInvalid,
                kinds: ["Workload"],
                proof: "The kubelet says that the signature of the image could not be validated.",
                remedy: "Sign the image, or correct the policy of the node."
            ),
            Detection(
                .imageInspectFailed,
                kinds: ["Workload"],
                proof: "The kubelet says that it cannot inspect an image that the node has.",
                remedy: "Remove the image from the node, so that it is pulled anew."
            ),
            Detection(
                .imagePullFailure,
                kinds: ["Workload"],
                proof: "The pull fails and no message says why.",
                remedy: "Try the pull on the node."
            ),
        ]
    }
}
