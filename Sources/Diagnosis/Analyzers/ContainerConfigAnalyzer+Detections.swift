// SPDX-License-Identifier: Apache-2.0

extension ContainerConfigAnalyzer {
    var detections: [Detection] {
        [
            Detection(
                .secretNotFound,
                kinds: ["Workload"],
                proof:
                    "The kubelet says of a container that waits, or of a volume, that the Secret it needs does not exist.",
                remedy: "Create the Secret in the namespace of the pod, or correct its name."
            ),
            Detection(
                .secretKeyNotFound,
                kinds: ["Workload"],
                proof: "The kubelet says of a container that waits, or of a volume, that the Secret has no such key.",
                remedy: "Add the key, or correct the reference."
            ),
            Detection(
                .configMapNotFound,
                kinds: ["Workload"],
                proof:
                    "The kubelet says of a container that waits, or of a volume, that the ConfigMap it needs does not exist.",
                remedy: "Create the ConfigMap in the namespace of the pod, or correct its name."
            ),
            Detection(
                .configMapKeyNotFound,
                kinds: ["Workload"],
                proof:
                    "The kubelet says of a container that waits, or of a volume, that the ConfigMap has no such key.",
                remedy: "Add the key, or correct the reference."
            ),
            Detection(
                .runAsNonRootViolation,
                kinds: ["Workload"],
                proof: "The kubelet refuses to start an image that runs as root in a pod with runAsNonRoot.",
                remedy: "Give the container a user that is not root."
            ),
            Detection(
                .containerConfigInvalid,
                kinds: ["Workload"],
                proof: "A container waits with CreateContainerConfigError, for another reason than a missing object.",
                remedy: "Correct the field that the quoted message names."
            ),
            Detection(
                .containerCreateFailed,
                kinds: ["Workload"],
                proof:
                    "A container waits with CreateContainerError, and the runtime's message is none of the special ones.",
                remedy: "Look at what the container runtime of the node refuses."
            ),
            Detection(
                .containerCommandNotFound,
                kinds: ["Workload"],
                proof: "The runtime says that the command is not in the image.",
                remedy: "Correct the command, or the image."
            ),
            Detection(
                .containerCommandNotExecutable,
                kinds: ["Workload"],
                proof: "The runtime may not execute the command.",
                remedy: "Give the file the execute bit for the user of the container."
            ),
            Detection(
                .imageArchitectureMismatch,
                kinds: ["Workload"],
                proof: "The runtime says 'exec format error'.",
                remedy: "Use an image for the node's processor, or choose nodes by kubernetes.io/arch."
            ),
            Detection(
                .containerStartFailed,
                kinds: ["Workload"],
                proof: "A container waits with RunContainerError, or has ended with StartError, for no special reason.",
                remedy: "Look at what the container runtime of the node refuses."
            ),
            Detection(
                .containerHookFailed,
                kinds: ["Workload"],
                proof: "A container waits because a hook of its start has failed.",
                remedy: "Correct the hook."
            ),
        ]
    }
}
