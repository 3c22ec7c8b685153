// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// Makes a directory that is gone after the closure.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let top = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    let directory = "\(top)/aetherius-agent-test-\(UUID().uuidString.lowercased())"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
}

extension TestCluster {
    /// The certificate of the cluster's authority.
    var authorityFile: String { certificates + "/ca.crt" }

    /// A kubeconfig that holds everything itself, for an account that may do everything.
    func selfContainedKubeconfig(account: String, in namespace: String) async throws -> [UInt8] {
        try await kubectl("create", "serviceaccount", account, "--namespace", namespace)
        try await kubectl(
            "create",
            "clusterrolebinding",
            account,
            "--clusterrole=cluster-admin",
            "--serviceaccount=\(namespace):\(account)"
        )
        let token = try await client.requestToken(serviceAccount: account, namespace: namespace).token
        let authority = Base64.encode([UInt8](try Data(contentsOf: URL(filePath: authorityFile))))
        return Self.kubeconfig(
            server: client.configuration.server,
            authority: authority,
            user: ["token": .string(token)]
        )
    }

    static func kubeconfig(server: String, authority: String, user: JSONValue) -> [UInt8] {
        let value: JSONValue = [
            "apiVersion": "v1", "kind": "Config", "current-context": "far",
            "contexts": [["name": "far", "context": ["cluster": "far", "user": "agent"]]],
            "clusters": [
                [
                    "name": "far",
                    "cluster": ["server": .string(server), "certificate-authority-data": .string(authority)],
                ]
            ],
            "users": [["name": "agent", "user": user]],
        ]
        return JSON.encode(value)
    }
}
