// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting
import Observability
import Testing

@Suite struct SettingValuesTests {
    private static let level = Setting("log-level", .choice(["info", "debug"]), default: "info", help: "")
    private static let workers = Setting("max-workers", .integer(1...10), default: "4", help: "")
    private static let rate = Setting("rate", .number(0), default: "1.5", help: "")
    private static let secure = Setting("secure", .flag, default: "false", help: "")
    private static let names = Setting("watch-namespaces", .names, help: "")
    private static let address = Setting("bind-address", .address, default: ":80", help: "")
    private static let url = Setting("endpoint", .url, help: "")
    private static let all = [level, workers, rate, secure, names, address, url]

    private func values(
        _ flags: [String: String] = [:],
        _ environment: [String: String] = [:],
        file text: String? = nil
    ) async throws -> SettingValues {
        try await withDirectory { directory in
            let path = "\(directory)/config.yaml"
            if let text { try Data(text.utf8).write(to: URL(filePath: path)) }
            return try SettingValues(
                of: Self.all,
                flags: flags,
                environment: environment,
                file: text == nil ? nil : path
            )
        }
    }

    @Test("given a setting in four places, then the flag counts most, then the environment, then the file")
    func precedence() async throws {
        let file = "maxWorkers: 2\nlogLevel: debug\n"
        let variable = ["AETHERIUS_MAX_WORKERS": "3", "AETHERIUS_LOG_LEVEL": ""]
        #expect(try await values().integer(Self.workers) == 4)
        #expect(try await values(file: file).integer(Self.workers) == 2)
        #expect(try await values([:], variable, file: file).integer(Self.workers) == 3)
        #expect(try await values(["max-workers": "5"], variable, file: file).integer(Self.workers) == 5)
        #expect(try await values([:], variable, file: file).text(Self.level) == "debug", "an empty variable is none")
    }

    @Test("given a file, then values of every form are read from it")
    func forms() async throws {
        let file = """
            # a remark
            logLevel: "debug"
            maxWorkers: '7'
            rate: 2
            secure: true
            watchNamespaces: [shop, billing]
            bindAddress: "0"
            endpoint: https://traces.example/v1
            """
        let values = try await values(file: file)
        #expect(values.text(Self.level) == "debug")
        #expect(values.integer(Self.workers) == 7)
        #expect(values.number(Self.rate) == 2)
        #expect(values.flag(Self.secure))
        #expect(values.list(Self.names) == ["shop", "billing"])
        #expect(values.address(Self.address) == nil)
        #expect(values.text(Self.url) == "https://traces.example/v1")
        #expect(try await self.values(file: "").integer(Self.workers) == 4)
        #expect(try await self.values(["watch-namespaces": "a, b"]).list(Self.names) == ["a", "b"])
    }

    @Test(
        "given a file that is wrong, then the error names the line, the key and what is possible",
        arguments: [
            (
                "logLevel: info\n\nworkers: 3\n",
                ", line 3: there is no setting 'workers'; there are logLevel, maxWorkers,"
            ),
            (
                "# text\nmaxWorkers: many\n",
                ", line 2: maxWorkers has to be a whole number between 1 and 10, not 'many'"
            ),
            ("maxWorkers: 11\n", ", line 1: maxWorkers has to be a whole number between 1 and 10, not '11'"),
            ("maxWorkers: 1.5\n", ", line 1: maxWorkers has to be a whole number between 1 and 10, not '1.5'"),
            ("maxWorkers:\n", ", line 1: maxWorkers has to be a whole number"),
            ("maxWorkers: [1]\n", ", line 1: maxWorkers has to be a whole number"),
            ("rate: -1\n", ", line 1: rate has to be a number of 0 or more, not '-1'"),
            ("secure: yes\n", ", line 1: secure has to be true or false, not 'yes'"),
            ("watchNamespaces: [Shop]\n", ", line 1: watchNamespaces has to be names of namespaces"),
            ("watchNamespaces: []\n", ", line 1: watchNamespaces has to be names of namespaces"),
            ("bindAddress: 8080\n", ", line 1: bindAddress has to be an address to listen at, such as :8080"),
            ("endpoint: ftp://a\n", ", line 1: endpoint has to be a URL that begins with http:// or https://"),
            ("- logLevel\n", " has to hold a mapping, such as 'logLevel: info'"),
            ("logLevel: [\n", ", line "),
            ("logLevel: info\nlogLevel: debug\n", ", line 2"),
        ]
    )
    func wrongFile(text: String, message: String) async throws {
        let error = await #expect(throws: SettingsError.self) { try await values(file: text) }
        #expect(try #require(error).description.contains("config.yaml\(message)"), "\(String(describing: error))")
    }

    @Test("given a wrong flag or variable, then the error names it, even if something else overrides it")
    func wrongValues() async throws {
        let flag = await #expect(throws: SettingsError.self) { try await values(["log-level": "loud"]) }
        #expect(flag?.description == "--log-level has to be one of info, debug, not 'loud'")
        let variable = await #expect(throws: SettingsError.self) {
            try await values(["max-workers": "5"], ["AETHERIUS_MAX_WORKERS": "0"])
        }
        #expect(
            variable?.description == "AETHERIUS_MAX_WORKERS has to be a whole number between 1 and 10, not '0'"
        )
        let file = #expect(throws: SettingsError.self) {
            try SettingValues(of: Self.all, flags: [:], environment: [:], file: "/nowhere/config.yaml")
        }
        #expect(file?.description.contains("/nowhere/config.yaml (the settings) cannot be read") == true)
    }
}
