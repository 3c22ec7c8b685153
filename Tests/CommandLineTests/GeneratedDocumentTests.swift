// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Testing

@Suite("Documents that the program writes", .timeLimit(.minutes(5)))
struct GeneratedDocumentTests {
    @Test(
        "given the program as it is, then the document in docs is what it says",
        arguments: [
            ("metrics", "metrics.md", "| `aetherius_queue_depth` | gauge |"),
            ("configuration", "configuration.md", "- environment `AETHERIUS_MAX_CONCURRENT_TASKS`"),
        ]
    )
    func document(command: String, name: String, content: String) async throws {
        let ending = try await Programs.aetherius([command])
        #expect(ending.exitCode == 0)
        let committed = try String(contentsOfFile: RepositoryPaths.root + "/docs/" + name, encoding: .utf8)
        #expect(ending.output == committed, "run 'make docs-\(command)'")
        #expect(committed.contains(content))
    }

    @Test("given the documented settings, then each of them is an option of its command")
    func options() async throws {
        let document = try await Programs.aetherius(["configuration"]).output
        let parts = document.split(separator: "## Settings of an agent")
        #expect(parts.count == 2)
        for (part, command) in zip(parts, ["operator", "agent"]) {
            let flags = part.matches(of: /- flag `--([a-z-]+)/).map { String($0.1) }
            #expect(flags.count > 10)
            let help = try await Programs.aetherius([command, "--help"]).output
            for flag in flags { #expect(help.contains("--\(flag)"), "\(command) --\(flag)") }
        }
    }
}
