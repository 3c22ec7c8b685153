// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI

extension Fixture {
    /// Adds an app that works: a Deployment, and one ready pod with one container that listens on a port.
    /// - Parameters:
    ///   - labels: the pod's labels as JSON; `app` with the name if left out.
    ///   - ports: the ports that the container declares, as JSON.
    ///   - more: further fields of the container, with a comma in front.
    mutating func app(
        _ name: String,
        labels: String? = nil,
        ports: String = #"[{"containerPort": 8080}]"#,
        replicas: Int = 1,
        ready: Bool = true,
        more: String = ""
    ) throws {
        let labels = labels ?? #"{"app": "\#(name)"}"#
        let container = #"{"name": "app", "image": "registry.local/app:1", "ports": \#(ports)\#(more)}"#
        try workload(
            "Deployment",
            name,
            spec: """
                {"replicas": \(replicas), "template": {"metadata": {"labels": \(labels)}, "spec": {"containers": [\(container)]}}}
                """,
            status: #"{"replicas": \#(replicas), "readyReplicas": \#(ready ? replicas : 0)}"#
        )
        guard replicas > 0 else { return }
        try rawPod(
            "\(name)-1",
            owner: "Deployment/\(name)",
            spec: #"{"containers": [\#(container)]}"#,
            status: """
                {"phase": "Running", "podIP": "10.0.0.7",
                 "conditions": [{"type": "Ready", "status": "\(ready ? "True" : "False")"}],
                 "containerStatuses": [{"name": "app", "ready": \(ready), "restartCount": 0,
                   "state": {"running": {"startedAt": "\(Self.now.advanced(by: .seconds(-7200)))"}}}]}
                """,
            more: #", "labels": \#(labels)"#
        )
    }

    /// Adds a Service.
    /// - Parameters:
    ///   - selector: its selector as JSON; `app` with the name if left out.
    ///   - ports: its ports as JSON.
    ///   - more: further fields of its spec, with a comma in front.
    mutating func service(
        _ name: String,
        selector: String? = nil,
        ports: String = #"[{"port": 80, "targetPort": 8080}]"#,
        more: String = ""
    ) throws {
        let selector = selector ?? #"{"app": "\#(name)"}"#
        try add(\.services, name, #""spec": {"selector": \#(selector), "ports": \#(ports)\#(more)}"#)
    }

    /// The findings of one class.
    func findings(_ causeClass: CauseClass) -> [Finding] {
        Analyzers.findings(in: snapshot).filter { $0.causeClass == causeClass }
    }
}
