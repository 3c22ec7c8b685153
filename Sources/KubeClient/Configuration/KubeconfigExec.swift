// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import OrderedCollections

/// The part of a kubeconfig that names a program which hands out credentials.
struct KubeconfigExec {
    private let exec: KubeconfigField
    private let cluster: KubeconfigField

    init(_ exec: KubeconfigField, cluster: KubeconfigField) {
        self.exec = exec
        self.cluster = cluster
    }

    func plugin(for configuration: ClientConfiguration) throws(KubeError) -> ExecPlugin {
        try exec.allowOnly([
            "apiVersion", "command", "args", "env", "installHint", "provideClusterInfo", "interactiveMode",
        ])
        let version = try exec.required("apiVersion")
        guard ExecPlugin.supportedVersions.contains(version) else {
            let known = ExecPlugin.supportedVersions.joined(separator: " or ")
            throw exec.failure("apiVersion", "is '\(version)': it has to be \(known), as the plugin speaks it")
        }
        let command = try exec.required("command")
        var plugin = ExecPlugin(
            apiVersion: version,
            command: command.contains("/") ? exec.file.resolved(command) : command,
            arguments: try exec.strings("args"),
            environment: try environment(),
            installHint: try exec.string("installHint") ?? "",
            interactiveMode: try interactiveMode(version)
        )
        plugin.origin = "\(exec.name) in \(exec.file.path)"
        if try exec.bool("provideClusterInfo") { plugin.cluster = try clusterInfo(configuration) }
        return plugin
    }

    private func environment() throws(KubeError) -> [String: String] {
        var variables: [String: String] = [:]
        for entry in try exec.elements("env") {
            try entry.allowOnly(["name", "value"])
            let name = try entry.required("name")
            guard !name.contains("=") else { throw entry.failure("name", "holds an equals sign") }
            variables[name] = try entry.string("value") ?? ""
        }
        return variables
    }

    private func interactiveMode(_ version: String) throws(KubeError) -> ExecPlugin.InteractiveMode {
        guard let text = try exec.string("interactiveMode") else {
            guard !version.hasSuffix("/v1") else {
                throw exec.failure(
                    "interactiveMode",
                    "is missing: \(version) wants Never, IfAvailable or Always"
                )
            }
            return .ifAvailable
        }
        guard let mode = ExecPlugin.InteractiveMode(rawValue: text) else {
            throw exec.failure("interactiveMode", "is '\(text)': it has to be Never, IfAvailable or Always")
        }
        return mode
    }

    /// What a plugin may want to know of the cluster, with the extension that is meant for it.
    private func clusterInfo(_ configuration: ClientConfiguration) throws(KubeError) -> JSONValue {
        var info: [(String, JSONValue)] = [("server", .string(configuration.server))]
        if let name = configuration.tlsServerName { info.append(("tls-server-name", .string(name))) }
        if configuration.skipsTLSVerification { info.append(("insecure-skip-tls-verify", true)) }
        if let authority = configuration.certificateAuthority {
            let bytes = try authority.read(for: "the certificate authority")
            info.append(("certificate-authority-data", .string(Data(bytes).base64EncodedString())))
        }
        if case .url(let proxy) = configuration.proxy { info.append(("proxy-url", .string(proxy))) }
        if !configuration.allowsCompression { info.append(("disable-compression", true)) }
        for entry in try cluster.elements("extensions")
        where try entry.string("name") == "client.authentication.k8s.io/exec" {
            info.append(("config", entry["extension"]?.value ?? .null))
        }
        return .object(.init(uniqueKeysWithValues: info))
    }
}
