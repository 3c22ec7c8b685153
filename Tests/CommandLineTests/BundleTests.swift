// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeTesting
import Testing

@Suite("Diagnosis of a bundle", .timeLimit(.minutes(5)))
struct BundleTests {
    private static let pod = #"""
        {"metadata": {"name": "web-1", "namespace": "shop", "uid": "p1", "creationTimestamp": "2026-01-02T03:04:05Z"},
         "spec": {"containers": [{"name": "app", "env": [{"name": "DB_PASSWORD", "value": "canary"}]}]},
         "status": {"phase": "Running", "containerStatuses": [{"name": "app", "restartCount": 4,
           "state": {"waiting": {"reason": "CrashLoopBackOff"}},
           "lastState": {"terminated": {"exitCode": 2, "reason": "Error", "finishedAt": "2026-01-02T03:10:00Z"}}}]}}
        """#
    private static let log = """
        ==== START logs for container app of pod shop/web-1 ====
        starting
        panic: cannot parse config: password=canary
        ==== END logs for container app of pod shop/web-1 ====

        """

    /// Writes files below a directory.
    private static func write(_ files: [String: String], to directory: String) throws {
        for (path, text) in files {
            let parent = path.split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(parent)",
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(path)"))
        }
    }

    @Test(
        "given a pod that crashes, in the forms in which people save one, then its own words are the answer",
        arguments: [
            [
                "shop/pods.json": #"{"kind": "PodList", "apiVersion": "v1", "items": [\#(pod)]}"#,
                "shop/web-1/logs.txt": log,
            ],
            [
                "deep/down/all.yaml": "---\napiVersion: v1\nkind: Pod\n" + String(pod.dropFirst().dropLast()).yamlFlow,
                "logs/shop/web-1/app.log": "panic: cannot parse config: password=canary\n",
            ],
            [
                "shop/pods.json": #"{"items": [\#(pod)], "kind": "PodList", "apiVersion": "v1"}"#,
                "shop/web-1/logs.previous.txt": log,
            ],
            // A mark of the order of bytes, as PowerShell writes it; an array; a list of lists.
            ["shop/pods.json": "\u{FEFF}[\(pod.typed)]", "shop/web-1/logs.txt": log],
            [
                "shop/pods.json": #"""
                {"kind": "List", "apiVersion": "v1", "items": [{"kind": "PodList", "apiVersion": "v1",
                  "items": [\#(pod)]}]}
                """#,
                "shop/web-1/logs.txt": log,
            ],
            // Of several documents one is none.
            [
                "all.yaml": "---\na: [\n---\napiVersion: v1\nkind: Pod\n" + String(pod.dropFirst().dropLast()).yamlFlow,
                "shop/web-1/logs.txt": log,
            ],
            // Hundreds of lines behind the one that tells.
            [
                "shop/pods.json": #"{"kind": "PodList", "apiVersion": "v1", "items": [\#(pod)]}"#,
                "logs/shop/web-1/app.log": "panic: cannot parse config: password=canary\n\n"
                    + (1...400).map { "goroutine \($0) [select]:\nmain.wait(0xc0001)\n" }.joined(),
            ],
            // So deep down that it is passed over, and told.
            [
                "shop/pods.json": #"{"kind": "PodList", "apiVersion": "v1", "items": [\#(pod)]}"#,
                "shop/web-1/logs.txt": log,
                "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r.json": "{}",
            ],
        ]
    )
    func forms(files: [String: String]) async throws {
        try await Programs.withDirectory { directory in
            try Self.write(files, to: directory)
            let ending = try await Programs.aetherius(["diagnose", "--bundle", directory, "-o", "json"])
            #expect(ending.exitCode == 1, "\(ending.errors)")
            let answer = try JSON.decode(JSONValue.self, from: ending.output)
            #expect(answer.value(at: "rootCause", "class") == "ApplicationConfigurationInvalid")
            #expect(answer.value(at: "rootCause", "object", "name") == "web-1")
            #expect(answer["gatheredAt"] == "2026-01-02T03:10:00Z")
            #expect(ending.output.contains("panic: cannot parse config"))
            #expect(!ending.output.contains("canary"))
        }
    }

    @Test("given an archive, then it is read as its directory is; given one with a link, then it is refused")
    func archives() async throws {
        try await Programs.withDirectory { directory in
            try Self.write(["dump/shop/pods.json": #"{"kind": "PodList", "items": [\#(Self.pod)]}"#], to: directory)
            let archive = "\(directory)/dump.tar.gz"
            _ = try await Programs.system("tar", ["-czf", archive, "-C", directory, "dump"])
            let good = try await Programs.aetherius(["diagnose", "--bundle", archive, "-o", "json"])
            #expect(good.exitCode == 1)
            #expect(good.output.contains("ApplicationCrash"))
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory)/dump/shop/nodes.json",
                withDestinationPath: "/etc/passwd"
            )
            _ = try await Programs.system("tar", ["-czf", archive, "-C", directory, "dump"])
            let bad = try await Programs.aetherius(["diagnose", "--bundle", archive])
            #expect(bad.exitCode == 2)
            #expect(bad.errors.contains("'dump/shop/nodes.json' is a symbolic link"), "\(bad.errors)")
        }
    }

    @Test(
        "given options that talk to a cluster, then --bundle refuses them",
        arguments: [["--context", "x"], ["--kubeconfig", "x"], ["--as", "jane"]]
    )
    func clusterOptions(options: [String]) async throws {
        let ending = try await Programs.aetherius(["diagnose", "--bundle", "/nowhere"] + options)
        #expect(ending.exitCode == 64)
        #expect(ending.errors.contains("leave out \(options[0])"))
    }

    @Test(
        "given a name that the bundle does not have, then that is the answer, and not that all is well",
        arguments: [["deployment/nope"], ["-n", "shop", "pod/nope"], ["-n", "nope"], ["namespace/nope"]]
    )
    func unknownNames(question: [String]) async throws {
        try await Programs.withDirectory { directory in
            let files = [
                "shop/pods.json": #"{"kind": "PodList", "items": [\#(Self.pod)]}"#,
                "shop/deployments.json": #"{"kind": "DeploymentList", "apiVersion": "apps/v1", "items": []}"#,
                "namespaces.json":
                    #"{"kind": "NamespaceList", "apiVersion": "v1", "items": [{"metadata": {"name": "shop"}}]}"#,
            ]
            try Self.write(files, to: directory)
            let ending = try await Programs.aetherius(["diagnose", "--bundle", directory] + question)
            #expect(ending.exitCode == 2, "\(ending.output)")
            #expect(ending.output.contains("does not exist"))
            let known = try await Programs.aetherius(["diagnose", "--bundle", directory, "-n", "shop"])
            #expect(known.exitCode == 1)
        }
    }

    @Test("given no path, or two, then it says so", arguments: [([""], "no path"), (["a", "--bundle", "b"], "twice")])
    func paths(options: [String], words: String) async throws {
        let ending = try await Programs.aetherius(["diagnose", "--bundle"] + options)
        #expect(ending.exitCode == 64)
        #expect(ending.errors.contains(words), "\(ending.errors)")
    }

    @Test("given a directory without objects, or none at all, then it could not look")
    func nothing() async throws {
        try await Programs.withDirectory { directory in
            for path in [directory, "\(directory)/missing"] {
                let ending = try await Programs.aetherius(["diagnose", "--bundle", path])
                #expect(ending.exitCode == 2)
                #expect(ending.errors.contains(path))
            }
        }
    }
}

extension String {
    /// A pod that says of itself that it is one.
    fileprivate var typed: String { #"{"apiVersion": "v1", "kind": "Pod", "# + dropFirst() }

    /// The fields of a JSON object as top-level keys of YAML, whose values may stay JSON.
    fileprivate var yamlFlow: String {
        replacing("\"metadata\": ", with: "metadata: ").replacing(",\n \"spec\": ", with: "\nspec: ")
            .replacing(",\n \"status\": ", with: "\nstatus: ") + "\n"
    }
}
