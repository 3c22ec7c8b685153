// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeClient

/// A real plugin: a shell script in a directory that goes with the test, which counts its runs in a file.
final class ExecPluginScript: Sendable {
    static let version = "client.authentication.k8s.io/v1"

    let files: TemporaryFiles
    let path: String

    /// Writes a plugin.
    /// - Parameter body: what it does after it has counted; `$runs` is the number of this run, `$dir` its directory.
    init(_ body: String) throws {
        let files = try TemporaryFiles()
        path = try files.write(
            "plugin.sh",
            "#!/bin/sh\ndir=\(files.path)\necho run >> $dir/runs\nruns=$(wc -l < $dir/runs)\nruns=$((runs))\n\(body)\n"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        self.files = files
    }

    /// How often it has run.
    var runs: Int {
        (try? String(contentsOfFile: "\(files.path)/runs", encoding: .utf8))?.split(separator: "\n").count ?? 0
    }

    var plugin: ExecPlugin { ExecPlugin(command: path, interactiveMode: .never) }

    /// A shell command that prints a credential.
    static func printing(status: String, version: String = version, kind: String = "ExecCredential") -> String {
        "printf '%s' '{\"apiVersion\":\"\(version)\",\"kind\":\"\(kind)\",\"status\":'\"\(status)\"'}'"
    }

    /// A shell command that prints a token which names the run, and its end if there is one.
    static func token(until end: String? = nil) -> String {
        let expiration = end.map { #",\"expirationTimestamp\":\"\#($0)\""# } ?? ""
        return printing(status: #"{\"token\":\"token-$runs\"\#(expiration)}"#)
    }
}
