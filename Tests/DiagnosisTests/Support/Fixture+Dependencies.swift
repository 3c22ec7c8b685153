// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI

extension Fixture {
    /// A Deployment with one pod that talks to others.
    /// - Parameters:
    ///   - environment: the variables of its container.
    ///   - crashes: whether it keeps crashing; else it runs and is ready.
    ///   - log: the lines of its log.
    ///   - spec: further fields of the pod's description, with a comma in front.
    mutating func program(
        _ name: String,
        image: String = "registry.local/app:1",
        port: Int = 8080,
        environment: [(String, String)] = [],
        crashes: Bool = false,
        ready: Bool = true,
        log: [String] = [],
        spec: String = ""
    ) throws {
        let isReady = ready && !crashes
        try deployment(name, ready: isReady ? 1 : 0)
        let variables = environment.map { #"{"name": "\#($0.0)", "value": "\#($0.1)"}"# }.joined(separator: ",")
        let running = #""restartCount": 0, "state": {"running": {"startedAt": "2026-01-02T03:04:05Z"}}"#
        let status = crashes ? Fixture.crashLoop() : running
        try rawPod(
            "\(name)-1",
            spec: """
                {"containers": [{"name": "app", "image": "\(image)", "env": [\(variables)],
                  "ports": [{"containerPort": \(port)}]}]\(spec)}
                """,
            status: """
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "\(isReady ? "True" : "False")"}],
                 "containerStatuses": [{"name": "app", "ready": \(isReady), \(status)}]}
                """,
            more: """
                , "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "\(name)-abc",
                  "uid": "replicaset-\(name)", "controller": true}]
                """
        )
        edit { snapshot in
            snapshot.pods[snapshot.pods.count - 1].metadata.labels = ["app": name]
            guard !log.isEmpty else { return }
            snapshot.logs.append(
                ContainerLog(namespace: "shop", pod: "\(name)-1", container: "app", isPrevious: false, lines: log)
            )
        }
    }

    /// A Service in front of the pods of a program.
    mutating func service(
        _ name: String,
        port: Int,
        target: Int = 8080,
        address: String = "10.96.7.7",
        selecting program: String? = nil
    ) throws {
        try add(
            \.services,
            name,
            """
            "spec": {"clusterIP": "\(address)", "selector": {"app": "\(program ?? name)"}, "ports": [{"port": \(port), "targetPort": \(target)}]}
            """
        )
    }

    /// What one analyzer finds.
    func findings(of analyzer: some Analyzer) -> [Finding] { analyzer.findings(in: snapshot) }
}
