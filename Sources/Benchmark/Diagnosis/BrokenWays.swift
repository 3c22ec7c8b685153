// SPDX-License-Identifier: Apache-2.0
import JSON

/// Twenty ways in which a pod can be broken, as its status tells them.
enum BrokenWays {
    static let all: [(name: String, status: JSONValue)] = [
        ("crashes", waiting("CrashLoopBackOff", "back-off", after: 1, "Error", "FATAL: option --listen has no value")),
        ("out-of-memory", waiting("CrashLoopBackOff", "back-off", after: 137, "OOMKilled", "")),
        ("image-not-found", waiting("ErrImagePull", "localhost:1/none:1: manifest unknown: not found")),
        ("image-unauthorized", waiting("ErrImagePull", "localhost:1/none:1: unauthorized: authentication required")),
        (
            "registry-unresolvable",
            waiting("ErrImagePull", "dial tcp: lookup registry.invalid on 198.18.0.2:53: no such host")
        ),
        ("registry-unreachable", waiting("ErrImagePull", "dial tcp 127.0.0.1:1: connect: connection refused")),
        ("image-invalid", waiting("InvalidImageName", "couldn't parse image reference \"None::1\"")),
        ("image-never-pulled", waiting("ErrImageNeverPull", "container image \"none:1\" is not present")),
        ("config-map-missing", waiting("CreateContainerConfigError", "configmap \"settings\" not found")),
        ("secret-missing", waiting("CreateContainerConfigError", "secret \"credentials\" not found")),
        (
            "secret-key-missing",
            waiting("CreateContainerConfigError", "couldn't find key password in Secret bench/credentials")
        ),
        (
            "command-not-found",
            waiting("RunContainerError", "exec: \"/opt/run\": stat /opt/run: no such file or directory: unknown")
        ),
        (
            "runs-as-root",
            waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root")
        ),
        ("insufficient-cpu", pending("0/3 nodes are available: 3 Insufficient cpu.")),
        ("insufficient-memory", pending("0/3 nodes are available: 3 Insufficient memory.")),
        ("node-affinity", pending("0/3 nodes are available: 3 node(s) didn't match node affinity.")),
        (
            "taint",
            pending("0/3 nodes are available: 3 node(s) had taint {pool: batch}, that the pod didn't tolerate.")
        ),
        (
            "anti-affinity",
            pending("0/3 nodes are available: 3 node(s) didn't match pod affinity/anti-affinity rules.")
        ),
        (
            "host-port",
            pending("0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports.")
        ),
        ("volume-zone", pending("0/3 nodes are available: 3 node(s) had volume node affinity conflict.")),
    ]

    /// The status of a pod that is well.
    static let none: JSONValue = container(
        phase: "Running",
        isReady: true,
        state: ["running": ["startedAt": "2026-01-01T00:00:00Z"]],
        lastState: [:]
    )

    private static func pending(_ message: String) -> JSONValue {
        let scheduled: JSONValue = [
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": .string(message),
        ]
        return ["phase": "Pending", "conditions": [scheduled]]
    }

    private static func waiting(_ reason: String, _ message: String) -> JSONValue {
        container(
            phase: "Pending",
            isReady: false,
            state: ["waiting": ["reason": .string(reason), "message": .string(message)]],
            lastState: [:]
        )
    }

    private static func waiting(
        _ reason: String,
        _ message: String,
        after exitCode: Int,
        _ end: String,
        _ words: String
    ) -> JSONValue {
        let termination: JSONValue = [
            "exitCode": .integer(Int64(exitCode)), "reason": .string(end), "message": .string(words),
        ]
        return container(
            phase: "Running",
            isReady: false,
            state: ["waiting": ["reason": .string(reason), "message": .string(message)]],
            lastState: ["terminated": termination]
        )
    }

    private static func container(
        phase: String,
        isReady: Bool,
        state: JSONValue,
        lastState: JSONValue
    ) -> JSONValue {
        let status: JSONValue = [
            "name": "app", "image": "localhost:1/none:1", "imageID": "none", "ready": .bool(isReady),
            "restartCount": isReady ? 0 : 4, "state": state, "lastState": lastState,
        ]
        let ready: JSONValue = ["type": "Ready", "status": isReady ? "True" : "False"]
        return ["phase": .string(phase), "conditions": [ready], "containerStatuses": [status]]
    }
}
