// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Subprocess

/// Makes a directory that is gone after the closure.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let top = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    let directory = "\(top)/aetherius-test-\(UUID().uuidString.lowercased())"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
}

extension TestCluster {
    /// Writes a certificate for 127.0.0.1 that signs itself, as `tls.crt` and `tls.key`.
    func makeServerCertificate(in directory: String) async throws {
        let result = try await Subprocess.run(
            .name("openssl"),
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1",
                "-keyout", "\(directory)/tls.key", "-out", "\(directory)/tls.crt",
            ],
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        guard result.terminationStatus.isSuccess else { throw TestClusterError(message: result.standardError) }
    }

    /// Makes a pod that has crashed on a node whose kubelet is at a port of this machine.
    func makePodOnDeafNode(_ name: String, in namespace: String, port: Int) async throws {
        let node: JSONValue = [
            "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(namespace)],
        ]
        try await kubectl("create", "-f", "-", input: String(decoding: JSON.encode(node), as: UTF8.self))
        let status: JSONValue = [
            "status": [
                "addresses": [["type": "InternalIP", "address": "127.0.0.1"]],
                "daemonEndpoints": ["kubeletEndpoint": ["Port": .integer(Int64(port))]],
            ]
        ]
        _ = try await client.resources(DynamicObject.self, of: Node.apiResource)
            .patch(namespace, .merge(status), subresource: "status")
        let pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "spec": [
                "nodeName": .string(namespace), "containers": [["name": "app", "image": "registry.local/app:1"]],
                // Nothing else has been made for the namespace's account yet.
                "automountServiceAccountToken": false,
            ],
        ]
        try await kubectl("create", "-f", "-", input: String(decoding: JSON.encode(pod), as: UTF8.self))
        try await setStatus(ofPod: name, in: namespace, Self.crashLooping("FATAL: no database"))
    }
}
