// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI

extension Fixture {
    /// A Deployment with labels `app: <name>` and one container, whose pod spec may say more.
    mutating func declared(
        _ name: String,
        replicas: Int = 1,
        ready: Int = 0,
        environment: [String: String] = [:],
        more: String = ""
    ) throws {
        let variables = environment.sorted { $0.key < $1.key }
            .map { #"{"name": "\#($0.key)", "value": "\#($0.value)"}"# }.joined(separator: ", ")
        try workload(
            "Deployment",
            name,
            spec: """
                {"replicas": \(replicas), "selector": {"matchLabels": {"app": "\(name)"}},
                 "template": {"metadata": {"labels": {"app": "\(name)"}},
                              "spec": {"containers": [{"name": "app", "env": [\(variables)]}]\(more)}}}
                """,
            status: #"{"replicas": \#(replicas), "readyReplicas": \#(ready)}"#
        )
    }

    /// A Service that selects `app: <selected>`.
    mutating func selectingService(_ name: String, selecting selected: String? = nil) throws {
        try add(\.services, name, #""spec": {"selector": {"app": "\#(selected ?? name)"}, "ports": [{"port": 80}]}"#)
    }

    /// A pod of a Deployment made by ``declared(_:replicas:ready:environment:more:)``, whose container crashes.
    mutating func crashingPod(
        _ name: String,
        of deployment: String,
        node: String? = nil,
        saying line: String? = nil
    )
        throws
    {
        try rawPod(
            name,
            owner: "Deployment/\(deployment)",
            spec: #"{"containers": [{"name": "app", "image": "a"}]\#(node.map { #", "nodeName": "\#($0)""# } ?? "")}"#,
            status: """
                {"phase": "Running", "containerStatuses": [{"name": "app", \(Fixture.crashLoop())}]}
                """
        )
        if let line { log(of: name, line) }
    }
}
