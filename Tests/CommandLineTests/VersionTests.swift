// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeTesting
import Testing
import YAML

@Suite("aetherius version", .timeLimit(.minutes(5)))
struct VersionTests {
    @Test("given people, then version and compiler are told in lines")
    func text() async throws {
        let ending = try await Programs.aetherius(["version"])
        #expect(ending.exitCode == 0)
        let lines = ending.output.split(separator: "\n")
        #expect(lines.first?.wholeMatch(of: /aetherius \d+\.\d+\.\d+/) != nil, "\(ending.output)")
        #expect(lines.last?.wholeMatch(of: /Swift \d+\.\d+.*/) != nil, "\(ending.output)")
    }

    @Test("given -o json, then a program can read it, and --version says the same")
    func json() async throws {
        let ending = try await Programs.aetherius(["version", "-o", "json"])
        #expect(ending.exitCode == 0)
        let answer = try JSON.decode(JSONValue.self, from: Array(ending.output.utf8))
        let version = try #require(answer["version"]?.stringValue)
        #expect(try await Programs.aetherius(["--version"]).output == "\(version)\n")
        #expect(answer["commit"]?.stringValue != nil)
        #expect(answer["buildDate"]?.stringValue != nil)
        #expect(answer["swift"]?.stringValue?.isEmpty == false)
    }

    @Test("given the chart, then it installs the version that the program says it is")
    func chart() async throws {
        let chart = try YAML.decode(
            Array(Data(contentsOf: URL(filePath: RepositoryPaths.root + "/charts/aetherius/Chart.yaml")))
        )
        #expect(try await Programs.aetherius(["--version"]).output == "\(chart["appVersion"]?.stringValue ?? "")\n")
    }
}
